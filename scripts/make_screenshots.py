"""Make the pictures of the editor in docs/pictures anew.

    python scripts/make_screenshots.py [NAME ...]

They are taken from a server of its own in headless Chromium.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import PIL.Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.editor_graphs import chains, graph_file  # noqa: E402
from benchmarks.server import server  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000


# Over the mountains, in parts of the picture.
MASK = (
    ((0.7, 0.62), (0.95, 0.62), (0.95, 0.7), (0.7, 0.7), (0.7, 0.66), (0.95, 0.66)),
    ((0.81, 0.36), (0.73, 0.55), (0.88, 0.55), (0.82, 0.42), (0.8, 0.52)),
)


def node(page: Page, node_id: str) -> Locator:
    return page.locator(f'[data-node="{node_id}"]')


def open_editor(
    browser: Browser, address: str, theme: str = "dark", width: int = 1440, height: int = 900
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-US",
        color_scheme="light" if theme == "light" else "dark",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script("localStorage.setItem('blockloom.tour', 'done')")
    page.goto(address)
    expect(node(page, "save")).to_be_visible()
    return page


def run(page: Page) -> None:
    """Run the graph that is open, and load the page again when all about it is known."""
    page.get_by_role("button", name="Run", exact=True).click()
    expect(node(page, "save").locator("img").first).to_be_visible()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_hidden()
    page.reload()
    expect(node(page, "save").locator("img").first).to_be_visible()
    expect(node(page, "denoise").locator("img").first).to_be_visible()


def look_at(page: Page, node_id: str, tab: str) -> Locator:
    """A tab of the inspector with a node in it."""
    node(page, node_id).locator("header").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    if not inspector.is_visible():
        page.keyboard.press("i")
    inspector.get_by_role("tab", name=tab).click()
    return inspector


def show_all(page: Page) -> None:
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(600)


def editor(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    run(page)
    show_all(page)
    return page


def editor_light(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address, "light")
    run(page)
    page.keyboard.press("n")
    show_all(page)
    page.get_by_label("Search nodes").fill("scheduler")
    return page


def block_state(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    run(page)
    inspector = look_at(page, "denoise", "Steps")
    show_all(page)
    slider = inspector.get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(13):
        page.keyboard.press("ArrowRight")
    expect(inspector.get_by_role("img", name="Predicted picture after step 14")).to_be_visible()
    return page


def templates(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Shift+T")
    gallery = page.get_by_role("dialog", name="Templates")
    gallery.get_by_role("button", name="Qwen", exact=False).first.click()
    expect(gallery.locator("svg path").nth(20)).to_be_attached()
    return page


def mask(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    run(page)
    node(page, "enlarge").locator("header").click()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search commands and nodes").fill("draw a mask")
    page.keyboard.press("Enter")
    canvas = page.get_by_role("dialog", name="Draw a mask").locator("canvas").first
    expect(canvas).to_be_visible()
    page.wait_for_timeout(500)
    box = canvas.bounding_box()
    assert box is not None
    for stroke in MASK:
        places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=8)
        page.mouse.up()
    return page


def empty(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_text("Double-click the canvas")).to_be_visible()
    return page


def error(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    width = node(page, "denoise").get_by_role("spinbutton", name="width")
    width.fill("70")
    width.press("Control+Enter")
    expect(node(page, "denoise").get_by_role("alert")).to_be_visible()
    look_at(page, "denoise", "Info")
    return page


def large(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    draft = json.dumps({"name": "", "isChanged": True, "file": graph_file(chains(300))})
    page.add_init_script(f"localStorage.setItem('blockloom.draft', {json.dumps(draft)})")
    page.reload()
    expect(node(page, "1")).to_be_visible()
    return page


def tablet(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address, "light", 1024, 768)
    run(page)
    show_all(page)
    page.get_by_role("navigation").get_by_role("button", name="History").click()
    expect(page.locator("[data-job] img").first).to_be_visible()
    return page


def running(browser: Browser, address: str) -> Page:
    page = open_editor(browser, address)
    steps = node(page, "denoise").get_by_role("spinbutton", name="num_inference_steps")
    steps.fill("60")
    steps.press("Control+Enter")
    page.get_by_role("navigation").get_by_role("button", name="Queue").click()
    show_all(page)
    expect(node(page, "denoise")).to_contain_text(re.compile(r"[23]\d/60"))
    return page


SCENES: dict[str, Callable[[Browser, str], Page]] = {
    "editor": editor,
    "editor_light": editor_light,
    "block_state": block_state,
    "templates": templates,
    "mask": mask,
    "empty": empty,
    "error": error,
    "large": large,
    "tablet": tablet,
    # It goes on after its picture was taken.
    "running": running,
}


def keep(picture: bytes, path: Path) -> None:
    with PIL.Image.open(io.BytesIO(picture)) as found:
        found.convert("RGB").save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*SCENES, []])
    names = parser.parse_args().names or [*SCENES]
    expect.set_options(timeout=PATIENCE)
    executable = next(filter(None, map(shutil.which, CHROMIUM)))
    with (
        tempfile.TemporaryDirectory() as data,
        server(Path(data)) as (address, _, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        for name in names:
            page = SCENES[name](browser, address)
            page.mouse.move(720, 880)
            page.wait_for_timeout(800)
            keep(page.screenshot(), PICTURES / f"{name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
