"""Changing a graph that is there: copying, muting, arranging, opening; and values on nodes."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, Page, expect

from e2e.pages import last_job, node, run, status_becomes

WIDE = {"viewport": {"width": 2700, "height": 1000}}


def wide_page(new_page) -> Page:
    page: Page = new_page(**WIDE)
    expect(node(page, "save")).to_be_visible()
    return page


def pick(page: Page, *node_ids: str) -> None:
    """Select nodes by their headers."""
    for count, node_id in enumerate(node_ids):
        modifiers = ["Shift"] if count else []
        node(page, node_id).locator("header").click(modifiers=modifiers)
    expect(page.locator('[data-node][data-selected="true"]')).to_have_count(len(node_ids))


def wires(page: Page) -> set[str]:
    """The wires as ``from.output > to.input``."""
    ids = [edge.get_attribute("data-id") for edge in page.locator(".react-flow__edge").all()]
    ends = [json.loads(found or "[]") for found in ids]
    return {f"{source}.{output} > {target}.{name}" for source, output, target, name in ends}


def places(page: Page, *node_ids: str) -> list[tuple[float, float]]:
    boxes = [node(page, node_id).bounding_box() for node_id in node_ids]
    return [(round(box["x"], 1), round(box["y"], 1)) for box in boxes if box is not None]


def drag(page: Page, field: Locator, pixels: int) -> None:
    box = field.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=6)
    page.mouse.up()


def test_nodes_are_copied_cut_and_pasted_as_graph_files(new_page) -> None:
    page = wide_page(new_page)
    pick(page, "enlarge", "save")
    page.keyboard.press("Control+c")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert [*copied["prompt"]] == ["enlarge", "save"]
    page.mouse.move(900, 800)
    page.keyboard.press("Control+v")
    expect(node(page, "save_2")).to_be_visible()
    found = wires(page)
    assert "enlarge_2.image > save_2.images" in found
    assert not any("> enlarge_2.image" in wire for wire in found)
    page.keyboard.press("Control+x")
    expect(node(page, "save_2")).to_have_count(0)
    page.keyboard.press("Control+Shift+v")
    expect(node(page, "save_2")).to_be_visible()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-node]")).to_have_count(7)


def test_a_duplicate_keeps_its_links_and_deleting_closes_the_gap(new_page) -> None:
    page = wide_page(new_page)
    pick(page, "decode")
    page.keyboard.press("Control+d")
    expect(node(page, "decode_2")).to_have_attribute("data-selected", "true")
    assert "denoise.pipeline > decode_2.pipeline" in wires(page)
    page.keyboard.press("Control+z")
    pick(page, "guider")
    page.keyboard.press("Control+Delete")
    expect(node(page, "guider")).to_have_count(0)
    assert "model.pipeline > text_encoder.pipeline" in wires(page)


def test_nodes_are_muted_collapsed_and_bypassed(new_page) -> None:
    page = wide_page(new_page)
    pick(page, "save")
    page.keyboard.press("Control+m")
    expect(node(page, "save")).to_have_attribute("data-mode", "muted")
    page.keyboard.press("Control+m")
    expect(node(page, "save")).to_have_attribute("data-mode", "active")
    pick(page, "guider", "enlarge")
    page.keyboard.press("Control+b")
    expect(page.locator('[data-mode="bypassed"]')).to_have_count(2)
    page.keyboard.press("Alt+c")
    expect(node(page, "enlarge").get_by_role("spinbutton")).to_have_count(0)
    run(page)
    status_becomes(page, "save", "done")
    ran = last_job(page)["workflow"]["prompt"]
    assert ran["save"]["inputs"]["images"] == ["decode", "images"]
    assert "guider" not in ran


def test_nodes_are_grouped_aligned_and_laid_out(new_page) -> None:
    page = wide_page(new_page)
    before = places(page, "guider")
    box = node(page, "guider").locator("header").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 120, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 200, steps=5)
    page.mouse.up()
    assert places(page, "guider") != before
    page.keyboard.press("Control+Alt+l")
    expect(page.get_by_role("button", name=re.compile("Undo"))).to_be_enabled()
    # Along the main wire, on one level.
    page.wait_for_function(
        """() => {
            const [model, guider, encoder] = ["model", "guider", "text_encoder"].map(
                (id) => document.querySelector(`[data-node=${id}]`).getBoundingClientRect());
            return model.right < guider.left && guider.right < encoder.left
                && Math.abs(model.y - guider.y) < 1 && Math.abs(guider.y - encoder.y) < 1;
        }"""
    )
    pick(page, "denoise", "decode")
    page.keyboard.press("Control+g")
    title = page.get_by_role("textbox", name="Title of the group")
    title.fill("Making the picture")
    title.press("Enter")
    expect(page.get_by_role("heading", name="Making the picture")).to_be_visible()


def test_a_composite_is_opened_and_still_gives_the_picture(new_page) -> None:
    page = wide_page(new_page)
    pick(page, "denoise")
    page.keyboard.press("Control+Shift+e")
    expect(node(page, "denoise")).to_have_count(0)
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Home")
    expect(node(page, "before_denoise")).to_be_visible()
    run(page)
    status_becomes(page, "save", "done")
    assert last_job(page)["status"] == "completed"
    page.keyboard.press("Control+z")
    expect(node(page, "denoise")).to_be_visible()
    expect(page.locator("[data-node]")).to_have_count(7)


def test_a_number_is_dragged_typed_and_taken_back(new_page) -> None:
    page = wide_page(new_page)
    scale = node(page, "guider").get_by_role("spinbutton", name="guidance_scale")
    before = float(scale.input_value())
    drag(page, scale, 40)
    after = float(scale.input_value())
    assert after > before
    page.keyboard.press("Control+z")
    expect(scale).to_have_value(f"{before:g}")
    scale.click()
    page.keyboard.type("6.5")
    page.keyboard.press("Enter")
    expect(scale).to_have_value("6.5")
    scale.hover()
    node(page, "guider").get_by_role("button", name=re.compile("Take back guidance_scale")).click()
    expect(scale).to_have_value("")


def test_a_seed_is_drawn_anew_for_each_run(new_page) -> None:
    page = wide_page(new_page)
    seed = node(page, "denoise").get_by_role("spinbutton", name="generator")
    steps = node(page, "denoise").get_by_role("spinbutton", name="num_inference_steps")
    steps.fill("2")
    steps.press("Enter")
    before = seed.input_value()
    node(page, "denoise").get_by_role("switch", name="New seed for each run").click()
    run(page)
    expect(seed).not_to_have_value(before)
    status_becomes(page, "save", "done")
    drawn = last_job(page)["workflow"]["prompt"]["denoise"]["inputs"]["generator"]
    assert str(drawn) == seed.input_value()
    page.keyboard.press("Control+z")
    expect(seed).to_have_value(before)
