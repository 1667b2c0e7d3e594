"""What is around the canvas: tour, palette, templates, commands, settings, and no server."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from e2e.pages import node, run, show_all
from server.server_process import Process, server_in

# The nodes of the demo graph that are told apart from those added by a test.
DEMO_NODES = 7
MISSING = "images is missing"


def nodes(page: Page) -> Locator:
    return page.locator("[data-node]")


def box_of(found: Locator) -> FloatRect:
    box = found.bounding_box()
    assert box is not None
    return box


def command(page: Page, text: str) -> None:
    """Do something by the command palette."""
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search commands and nodes").fill(text)
    page.keyboard.press("Enter")


def wide(new_page) -> Page:
    """A page wide enough for the whole demo graph and more: nodes off screen are not mounted."""
    page: Page = new_page(viewport={"width": 1900, "height": 1000})
    expect(nodes(page)).to_have_count(DEMO_NODES)
    return page


def test_the_tour_leads_through_and_never_comes_back(new_page):
    page: Page = new_page(is_first_visit=True)
    tour = page.get_by_role("dialog", name=re.compile("^Tour"))
    expect(tour).to_contain_text("Press Run")
    assert page.locator("html[data-first-visit]").count() == 1
    # The button that goes on has the focus: the tour can be taken by the keyboard alone.
    for title in ("Change the prompt", "Look inside", "Build your own"):
        page.keyboard.press("Enter")
        expect(tour).to_contain_text(title)
    expect(page.get_by_role("complementary", name="Inspector")).to_be_visible()
    page.keyboard.press("Enter")
    expect(tour).to_have_count(0)
    page.reload()
    expect(nodes(page).first).to_be_visible()
    expect(tour).to_have_count(0)
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("menuitem", name="Help").press("ArrowRight")
    page.get_by_role("menuitem", name="Take the tour").press("Enter")
    expect(tour).to_contain_text("Press Run")


def test_the_tour_can_be_dismissed_at_once_and_goes_on_with_the_first_run(new_page):
    page: Page = new_page(is_first_visit=True)
    tour = page.get_by_role("dialog", name=re.compile("^Tour"))
    expect(tour).to_contain_text("Press Run")
    run(page)
    expect(tour).to_contain_text("Change the prompt")
    assert page.locator("html[data-first-visit]").count() == 0
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    page.reload()
    expect(nodes(page).first).to_be_visible()
    expect(tour).to_have_count(0)


def test_a_node_is_added_by_the_keyboard_alone_and_taken_back(new_page):
    page = wide(new_page)
    page.mouse.move(900, 800)
    page.keyboard.press("Space")
    field = page.get_by_role("combobox", name="Search nodes")
    expect(field).to_be_focused()
    page.keyboard.type("previw image")
    expect(page.get_by_role("option", name=re.compile("^Preview Image"))).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    added = node(page, "preview_image")
    expect(added).to_have_attribute("data-selected", "true")
    box = box_of(added)
    # Its title is where the pointer was.
    assert abs(box["x"] + box["width"] / 2 - 900) < 20
    assert abs(box["y"] - 800) < 30
    page.keyboard.press("Control+z")
    expect(added).to_have_count(0)


def test_the_tree_is_walked_by_keys_and_keeps_favourites(new_page):
    page = wide(new_page)
    page.keyboard.press("n")
    tree = page.get_by_role("tree", name="Nodes by family")
    tree.get_by_role("treeitem", name="Model", exact=True).focus()
    page.keyboard.press("ArrowDown")
    image = tree.get_by_role("treeitem", name="Image", exact=True)
    expect(image).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(image).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("i")
    entry = tree.get_by_role("treeitem", name="Invert Image")
    expect(entry).to_be_focused()
    page.keyboard.press("*")
    page.keyboard.press("Enter")
    expect(node(page, "invert_image")).to_be_visible()
    page.reload()
    expect(tree.get_by_role("treeitem", name="Favourites")).to_be_visible()
    # The folder and what is in it were kept: once as a favourite, once in its place.
    expect(tree.get_by_role("treeitem", name="Invert Image")).to_have_count(2)


def test_a_node_is_dragged_from_the_panel_into_a_wire(new_page):
    page = wide(new_page)
    page.keyboard.press("n")
    page.get_by_label("Search nodes").fill("invert image")
    entry = page.locator('[data-type="ImageInvert"]')
    start, decode, enlarge = (
        box_of(found) for found in (entry, node(page, "decode"), node(page, "enlarge"))
    )
    page.mouse.move(start["x"] + 40, start["y"] + 10)
    page.mouse.down()
    gap = (decode["x"] + decode["width"] + enlarge["x"]) / 2
    page.mouse.move(gap, enlarge["y"] + 60, steps=8)
    page.mouse.move(gap, enlarge["y"] + 8, steps=4)
    page.mouse.up()
    expect(node(page, "invert_image")).to_be_visible()
    wires = page.locator('.react-flow__edge[aria-label*="invert_image"]')
    expect(wires).to_have_count(2)


def test_a_template_is_inserted_wired_and_in_one_step(new_page):
    page = wide(new_page)
    page.keyboard.press("t")
    page.get_by_label("Search templates").fill("qwenimage inpaint")
    card = page.get_by_role("button", name="Insert QwenImage: Inpainting", exact=True)
    # The picture of its graph is drawn once it is seen.
    expect(card.locator("svg path").first).to_be_attached()
    card.click()
    selected = page.locator('[data-node][data-selected="true"]')
    expect(selected).to_have_count(8)
    expect(page.locator('.react-flow__edge[aria-label*="mask_image"]').first).to_be_attached()
    page.keyboard.press("Control+z")
    expect(selected).to_have_count(0)
    show_all(page)
    expect(nodes(page)).to_have_count(DEMO_NODES)


def test_an_example_becomes_the_graph_where_there_is_none(new_page):
    page = wide(new_page)
    page.mouse.move(900, 900)
    page.mouse.down(button="middle")
    page.mouse.move(960, 860, steps=4)
    page.mouse.up(button="middle")
    before = box_of(node(page, "model"))
    command(page, "new graph")
    expect(nodes(page)).to_have_count(0)
    hint = page.get_by_text("Double-click the canvas or press Space to add a node.")
    expect(hint).to_be_visible()
    page.get_by_role("button", name="Add a node", exact=True).click()
    expect(page.get_by_role("combobox", name="Search nodes")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+t")
    gallery = page.get_by_role("dialog", name="Templates")
    gallery.get_by_role("button", name="Insert Two schedulers").click()
    expect(gallery).to_have_count(0)
    expect(hint).to_have_count(0)
    page.keyboard.press("Home")
    expect(page.locator('[data-node*="scheduler"]').first).to_be_visible()
    # Undo leads back to where the other graph was left.
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(nodes(page)).to_have_count(DEMO_NODES)
    assert box_of(node(page, "model")) == pytest.approx(before, abs=1)


def test_a_command_is_found_and_carried_out(new_page):
    page = wide(new_page)
    minimap = page.get_by_role("img", name="Overview of the graph")
    expect(minimap).to_be_visible()
    command(page, "minimap")
    expect(minimap).to_have_count(0)
    page.keyboard.press("Control+Shift+p")
    options = page.get_by_role("listbox", name="Commands").get_by_role("option")
    page.keyboard.type("crop ima")
    expect(options.first).to_contain_text("Add node: Crop Image")
    page.keyboard.press("Enter")
    expect(node(page, "crop_image")).to_be_visible()


def test_every_key_stands_on_the_sheet(page: Page):
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Search commands", "Ctrl+K", "Add a node", "Space", "Double-click"):
        expect(sheet.get_by_text(words, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_a_problem_in_the_list_leads_to_its_node(new_page):
    page = wide(new_page)
    expect(page.get_by_role("button", name="No problems")).to_be_visible()
    command(page, "save image")
    page.get_by_role("button", name=re.compile("problem")).click()
    page.get_by_role("button", name=re.compile(MISSING)).first.click()
    expect(page.locator('.react-flow__node[data-id="save_image"]')).to_be_focused()


def test_german_and_light_are_chosen_and_kept(new_page):
    page: Page = new_page(locale="de-DE")
    expect(page.get_by_role("button", name="Ausführen", exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "de"
    page.keyboard.press("Control+,")
    page.get_by_label("Farbschema").select_option("light")
    expect(page.locator('html[data-theme="light"]')).to_have_count(1)
    page.get_by_label("Sprache").select_option("en")
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    expect(page.locator('html[data-theme="light"]')).to_have_count(1)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Process]:
    """A server of this test's own, to be ended and started again."""
    with server_in(tmp_path) as found:
        yield found


def open_at(browser: Browser, path: str) -> Page:
    page = browser.new_page(locale="en-US")
    page.add_init_script("localStorage.setItem('blockloom.tour', 'done')")
    page.goto(path)
    return page


def test_work_goes_on_while_the_server_is_away(browser: Browser, own_server: Process):
    own_server.start()
    page = open_at(browser, f"http://127.0.0.1:{own_server.port}/")
    expect(nodes(page).first).to_be_visible()
    own_server.stop()
    banner = page.get_by_role("alert").filter(has_text="cannot be reached")
    expect(banner).to_be_visible()
    command(page, "empty image")
    expect(node(page, "empty_image")).to_be_visible()
    own_server.start()
    expect(banner).to_have_count(0)
    expect(node(page, "empty_image")).to_be_visible()
    page.close()


def answers(server: Process) -> bool:
    """Whether a server is there, even for those who bring no token."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def test_a_new_token_is_taken_without_leaving_the_page(
    browser: Browser, own_server: Process, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(own_server, "is_up", lambda: answers(own_server))
    address = f"http://127.0.0.1:{own_server.port}/"
    own_server.start("--token", "first-token")
    page = open_at(browser, f"{address}?token=first-token")
    expect(nodes(page).first).to_be_visible()
    command(page, "empty image")
    own_server.stop()
    own_server.start("--token", "second-token")
    field = page.get_by_label("Token or address")
    field.fill("wrong")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("does not take this token")).to_be_visible()
    field.fill(f"{address}?token=second-token")
    page.get_by_role("button", name="Use it").click()
    expect(field).to_have_count(0)
    expect(node(page, "empty_image")).to_be_visible()
    page.close()
