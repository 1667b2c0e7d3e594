"""Drawing a graph by hand: nodes, links, refusals, undo; and all of it by keyboard."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.pages import drop_file, last_job, node, run, show_all, status_becomes, wait_until_drawn

WIDE = {"viewport": {"width": 2700, "height": 1000}}
CHAIN = (
    "BlockloomLoadPipeline",
    "StableDiffusionXLTextEncoderStep",
    "StableDiffusionXLCoreDenoiseStep",
    "StableDiffusionXLAutoDecodeStep",
)


def socket(page: Page, node_id: str, name: str, side: str) -> Locator:
    place = {"in": "left", "out": "right"}[side]
    return node(page, node_id).locator(f'[data-handleid="{name}"][data-handlepos="{place}"]')


def middle(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def between(page: Page, start: tuple[str, str], end: tuple[str, str]) -> tuple[float, float]:
    """The middle of a level wire."""
    (x, y), (to_x, to_y) = middle(socket(page, *start, "out")), middle(socket(page, *end, "in"))
    return (x + to_x) / 2, (y + to_y) / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press, go there as a hand does, and stay: the caller lets go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 8, start[1] + 8)
    page.mouse.move(*end, steps=8)


def link(page: Page, start: Locator, end: Locator) -> None:
    drag(page, middle(start), middle(end))
    page.mouse.up()


def pick_type(page: Page, type_id: str) -> None:
    """Take a node type in the search that has opened."""
    field = page.get_by_role("combobox", name="Search nodes")
    field.fill(type_id)
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Enter")
    expect(field).to_be_hidden()


def empty_canvas(new_page, **options: object) -> Page:
    page: Page = new_page(**options)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("[data-node]")).to_have_count(0)
    return page


def wires(page: Page) -> list[list[str]]:
    found = page.locator(".react-flow__edge")
    return sorted(
        [edge.get_attribute("data-id") or "" for edge in found.all()],
    )


@pytest.fixture
def drawn(new_page) -> Page:
    """Text to image, drawn from an empty canvas by dragging each link to its next node."""
    page = empty_canvas(new_page, **WIDE)
    page.mouse.move(420, 320)
    page.keyboard.press("Space")
    pick_type(page, CHAIN[0])
    last = page.locator("[data-node]").first
    for count, type_id in enumerate(CHAIN[1:], 2):
        start = last.locator('[data-handleid="pipeline"][data-handlepos="right"]')
        x, y = middle(start)
        drag(page, (x, y), (x + 100, y))
        page.mouse.up()
        pick_type(page, type_id)
        expect(page.locator("[data-node]")).to_have_count(count)
        last = page.locator('[data-node][data-selected="true"]')
        expect(last).to_have_count(1)
        last = node(page, last.get_attribute("data-node") or "")
    x, y = middle(last.locator('[data-handleid="images"][data-handlepos="right"]'))
    drag(page, (x, y), (x + 100, y))
    page.mouse.up()
    pick_type(page, "SaveImage")
    expect(page.locator("[data-node]")).to_have_count(5)
    return page


def test_text_to_image_is_drawn_from_an_empty_canvas_and_runs(drawn: Page) -> None:
    page = drawn
    loader, encoder, denoiser = (page.locator("[data-node]").nth(place) for place in range(3))
    model = loader.get_by_label("model", exact=True)
    model.fill("demo")
    model.press("Enter")
    prompt = encoder.get_by_role("textbox", name="prompt", exact=True)
    prompt.fill("a red circle")
    steps = denoiser.get_by_role("spinbutton", name="num_inference_steps")
    steps.fill("2")
    steps.press("Enter")
    run(page)
    saver = page.locator("[data-node]").nth(4).get_attribute("data-node") or ""
    status_becomes(page, saver, "done")
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_hidden()
    assert last_job(page)["status"] == "completed"
    assert len(wires(page)) == 4


def test_undo_goes_back_to_the_empty_canvas_and_redo_comes_forth_again(drawn: Page) -> None:
    page = drawn
    whole = wires(page)
    for left in (4, 3, 2, 1, 0):
        page.keyboard.press("Control+z")
        expect(page.locator("[data-node]")).to_have_count(left)
    for there in (1, 2, 3, 4, 5):
        page.keyboard.press("Control+Shift+z")
        expect(page.locator("[data-node]")).to_have_count(there)
    expect(page.locator(".react-flow__edge")).to_have_count(len(whole))
    assert wires(page) == whole


def test_a_link_that_does_not_fit_is_refused_with_its_reason(new_page) -> None:
    page: Page = new_page(**WIDE)
    start = socket(page, "text_encoder", "prompt_embeds", "out")
    end = socket(page, "denoise", "num_inference_steps", "in")
    fits = socket(page, "decode", "image", "in")
    drag(page, middle(start), middle(end))
    reason = "Tensor does not fit whole number."
    expect(page.get_by_role("status").filter(has_text=reason)).to_be_visible()
    expect(end).to_have_attribute("data-fit", "not")
    expect(fits).to_have_attribute("data-fit", "fits")
    before = wires(page)
    page.mouse.up()
    expect(page.get_by_text(reason)).to_be_visible()
    assert wires(page) == before
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_node_dropped_on_a_wire_is_put_into_it(new_page) -> None:
    page: Page = new_page(**WIDE)
    page.mouse.move(1200, 800)
    page.keyboard.press("Space")
    pick_type(page, "ImageInvert")
    inverter = page.locator('[data-node][data-selected="true"]')
    header = inverter.locator("h2")
    start, (x, y) = middle(header), middle(node(page, "enlarge"))
    box = node(page, "enlarge").bounding_box()
    assert box is not None
    drag(page, start, (box["x"] - 60, box["y"] + 30))
    expect(page.locator('[data-drop="true"]')).to_have_count(1)
    page.mouse.up()
    assert len(wires(page)) == 7
    page.keyboard.press("Control+z")
    expect(page.locator(".react-flow__edge")).to_have_count(6)
    assert (x, y) == pytest.approx(middle(node(page, "enlarge")), abs=1)


def test_a_node_dropped_beside_a_chain_offers_to_join_it(new_page) -> None:
    page: Page = new_page(**WIDE)
    page.mouse.move(1200, 850)
    page.keyboard.press("Space")
    pick_type(page, "PreviewImage")
    header = page.locator('[data-node][data-selected="true"] h2')
    box = node(page, "enlarge").bounding_box()
    assert box is not None
    drag(page, middle(header), (box["x"] + box["width"] + 200, box["y"] + 60))
    page.mouse.up()
    page.get_by_role("button", name="Link Enlarge to Preview Image").click()
    expect(page.locator(".react-flow__edge")).to_have_count(7)


def test_links_are_taken_off_cut_and_bent_by_hand(new_page) -> None:
    page: Page = new_page(**WIDE)
    end = socket(page, "enlarge", "image", "in")
    x, y = middle(end)
    drag(page, (x, y), (x - 30, y + 300))
    page.mouse.up()
    expect(page.locator(".react-flow__edge")).to_have_count(5)
    expect(node(page, "enlarge")).to_have_attribute("data-problem", "true")
    link(page, socket(page, "decode", "images", "out"), end)
    expect(page.locator(".react-flow__edge")).to_have_count(6)
    from_x, from_y = middle(socket(page, "decode", "images", "out"))
    page.mouse.dblclick((x + from_x) / 2, (y + from_y) / 2)
    expect(page.locator('[data-type="Reroute"]')).to_have_count(1)
    expect(page.locator(".react-flow__edge")).to_have_count(7)
    page.mouse.click(*between(page, ("enlarge", "image"), ("save", "images")))
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__edge")).to_have_count(6)
    page.keyboard.down("Alt")
    page.mouse.click(*between(page, ("denoise", "pipeline"), ("decode", "pipeline")))
    page.keyboard.up("Alt")
    expect(page.locator(".react-flow__edge")).to_have_count(5)


def test_a_missing_input_says_what_could_supply_it_and_adds_it(new_page) -> None:
    page: Page = new_page(**WIDE)
    box = node(page, "text_encoder").bounding_box()
    assert box is not None
    node(page, "text_encoder").locator("h2").click()
    page.keyboard.press("Control+Delete")
    missing = node(page, "denoise").get_by_role("button", name="prompt_embeds is missing").first
    missing.click()
    page.get_by_role("menuitem", name="Text Encoder").first.click()
    expect(missing).to_be_hidden()
    expect(node(page, "denoise")).to_have_attribute("data-problem", "false")


def test_values_that_come_along_the_main_wire_show_where_from(new_page) -> None:
    page: Page = new_page(**WIDE)
    fold = node(page, "denoise").get_by_role("button", name=re.compile(r"\d+ more"))
    fold.click()
    embeds = socket(page, "denoise", "prompt_embeds", "in")
    expect(embeds).to_have_attribute("data-look", "inherited")
    expect(embeds).to_have_accessible_name(
        "prompt_embeds, tensor, from Text encoder, along the main wire"
    )
    expect(node(page, "decode")).to_contain_text("non-inpaint")


def test_everything_is_linked_by_keyboard_alone(new_page) -> None:
    page: Page = new_page(**WIDE)
    graph = page.get_by_role("application", name="Graph")
    graph.focus()
    page.keyboard.press("Tab")
    for name in ("Model", "Guidance", "Text encoder", "Denoise"):
        focused = page.locator(".react-flow__node:focus")
        expect(focused).to_have_accessible_name(re.compile(f"^{name}"))
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__node:focus")).to_have_count(0)
    page.keyboard.press("Escape")
    before = wires(page)
    choices = page.get_by_role("listbox", name="Sockets it can be linked to")
    field = page.get_by_role("combobox", name="Search sockets")
    socket(page, "decode", "pipeline", "in").focus()
    page.keyboard.press("l")
    expect(field).to_be_focused()
    page.keyboard.type("no such socket")
    expect(choices.get_by_role("option").first).to_have_text("Unlink")
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__edge")).to_have_count(5)
    node(page, "denoise").locator("xpath=..").focus()
    page.keyboard.press("l")
    expect(field).to_be_focused()
    expect(choices.get_by_role("option").first).to_have_text("Main wire inDecode")
    page.keyboard.type("guidance")
    refused = choices.get_by_role("option", name="guidance_scale")
    expect(refused).to_be_disabled()
    expect(refused).to_contain_text("That would make a circle")
    field.fill("")
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__edge")).to_have_count(6)
    assert wires(page) == before


def test_arrow_keys_move_what_is_selected_as_one_change(new_page) -> None:
    page: Page = new_page(**WIDE)
    denoise = node(page, "denoise")
    denoise.locator("h2").click()
    x, y = middle(denoise)
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    assert middle(denoise)[1] > y + 100
    page.keyboard.press("Control+z")
    assert middle(denoise) == pytest.approx((x, y), abs=1)


def test_a_large_graph_mounts_what_is_on_screen_alone(page: Page) -> None:
    nodes = {
        f"n{place}": {
            "class_type": "StableDiffusionXLCoreDenoiseStep",
            "inputs": {} if place == 0 else {"pipeline": [f"n{place - 1}", "pipeline"]},
            "_meta": {"position": [(place % 20) * 370, (place // 20) * 420]},
        }
        for place in range(300)
    }
    content = json.dumps({"prompt": nodes}).encode()
    drop_file(page, "large.json", "application/json", content, 700, 500)
    expect(node(page, "n0")).to_be_visible()
    assert 0 < page.locator("[data-node]").count() < 60
    show_all(page)
    expect(page.locator('[data-node][data-card="true"]')).to_have_count(300)
    assert len(wires(page)) == 299


def view(page: Page) -> tuple[float, ...]:
    """Where the canvas stands: x, y and zoom."""
    style = page.locator(".react-flow__viewport").get_attribute("style") or ""
    return tuple(float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", style)[:3])


def test_the_canvas_is_moved_and_boxes_are_drawn_by_hand(new_page) -> None:
    page: Page = new_page(**WIDE)
    empty = (400.0, 900.0)
    x, y, zoom = view(page)
    for button in ("middle", "right"):
        page.mouse.move(*empty)
        page.mouse.down(button=button)
        page.mouse.move(empty[0] + 30, empty[1] - 20, steps=4)
        page.mouse.up(button=button)
    assert view(page) == pytest.approx((x + 60, y - 40, zoom), abs=1)
    page.keyboard.down("Space")
    drag(page, empty, (empty[0] - 60, empty[1] + 40))
    page.mouse.up()
    page.keyboard.up("Space")
    assert view(page) == pytest.approx((x, y, zoom), abs=1)
    expect(page.get_by_role("combobox", name="Search nodes")).to_be_hidden()

    boxes = [node(page, name).bounding_box() for name in ("model", "guider", "save")]
    left, top = (min(box[side] for box in boxes if box) - 20 for side in ("x", "y"))
    last = boxes[1]
    assert last is not None
    drag(page, (left, top), (last["x"] + last["width"] - 5, last["y"] + last["height"] - 5))
    page.mouse.up()
    chosen = page.locator('[data-node][data-selected="true"]')
    names = {found.get_attribute("data-node") for found in chosen.all()}
    assert {"model", "guider"} <= names
    assert "save" not in names
    node(page, "save").locator("h2").click(modifiers=["Shift"])
    expect(chosen).to_have_count(len(names) + 1)

    start = middle(node(page, "model").locator("h2"))
    drag(page, start, (start[0] + 10, start[1] + 120))
    page.mouse.up()
    assert middle(node(page, "model").locator("h2"))[1] > start[1] + 100
    page.keyboard.press("Control+z")
    assert middle(node(page, "model").locator("h2")) == pytest.approx(start, abs=1)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()

    prompt = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    page.mouse.move(*middle(prompt))
    page.mouse.wheel(0, 240)
    page.wait_for_function(
        "zoom => new DOMMatrix(getComputedStyle(document.querySelector("
        "'.react-flow__viewport')).transform).a < zoom",
        arg=zoom - 0.05,
    )

    page.mouse.dblclick(*empty)
    expect(page.get_by_role("combobox", name="Search nodes")).to_be_visible()


def test_groups_are_named_coloured_and_carry_what_lies_in_them(new_page) -> None:
    page: Page = new_page(**WIDE)
    node(page, "save").locator("h2").click()
    page.keyboard.press("Control+g")
    page.keyboard.type("Results")
    page.keyboard.press("Enter")
    group = page.locator("[data-group]")
    expect(group.get_by_role("heading")).to_have_text("Results")
    group.get_by_role("heading").click(button="right")
    page.get_by_role("menuitemradio", name="Blue").click()
    expect(group).to_have_attribute("data-colour", "blue")
    start, before = middle(group.get_by_role("heading")), middle(node(page, "save"))
    drag(page, start, (start[0] - 30, start[1] + 90))
    page.mouse.up()
    after = middle(node(page, "save"))
    assert after[1] > before[1] + 60
    page.reload()
    wait_until_drawn(page)
    expect(group).to_have_attribute("data-colour", "blue")
    assert middle(node(page, "save")) == pytest.approx(after, abs=2)


def test_a_copy_is_dragged_away_and_menus_are_drawn_from_actions(new_page) -> None:
    page: Page = new_page(**WIDE)
    start = middle(node(page, "text_encoder").locator("h2"))
    page.keyboard.down("Alt")
    drag(page, start, (start[0] + 20, start[1] + 420))
    page.mouse.up()
    page.keyboard.up("Alt")
    expect(node(page, "text_encoder_2")).to_have_attribute("data-selected", "true")
    assert middle(node(page, "text_encoder").locator("h2")) == pytest.approx(start, abs=1)
    node(page, "text_encoder_2").locator("h2").click(button="right")
    page.get_by_role("menuitem", name="Mute").click()
    expect(node(page, "text_encoder_2")).to_have_attribute("data-mode", "muted")
    page.keyboard.press("F2")
    page.keyboard.type("Second thoughts")
    page.keyboard.press("Enter")
    expect(node(page, "text_encoder_2").locator("h2")).to_have_text("Second thoughts")
