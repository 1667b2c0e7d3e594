"""axe-core finds nothing against WCAG 2.1 A and AA, wherever one gets in the editor.

A dialog or panel is looked at by itself, the page as a whole only where the canvas changes: that
takes seconds, each.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e.pages import command, node, run, settles, write_graph

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Wide enough for the whole demo graph, and without transitions, whose colours mean nothing.
QUIET = {"viewport": {"width": 2400, "height": 1000}, "reduced_motion": "reduce"}
LOOK = """async ([place, rules]) => {
    const found = await axe.run(place, {runOnly: rules, resultTypes: ["violations"]});
    return found.violations.flatMap(({id, nodes}) => nodes.map(
        ({target, failureSummary}) => `${id} at ${target}: ${failureSummary.split("\\n")[1].trim()}`
    ));
}"""
DIALOG = '[role="dialog"]'
LEFT = 'aside[data-side="left"]'
RIGHT = 'aside[data-side="right"]'
BROKEN = {
    "save": {"class_type": "SaveImage", "inputs": {}},
    "denoise": {"class_type": "StableDiffusionXLAutoBlocks.denoise", "inputs": {}},
}


class Watch:
    """Looks at a page again and again, and keeps what axe finds by where it was."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}
        # Not as an element of the page, which its security policy would refuse.
        page.evaluate(AXE.read_text())

    def look(self, where: str, place: str = "html") -> None:
        expect(self.page.locator(place).first).to_be_visible()
        found = self.page.evaluate(LOOK, [place, RULES])
        if found:
            self.found[where] = found

    def dialog(self, where: str, name: str | re.Pattern[str]) -> None:
        """Look at a dialog that is open, and close it."""
        dialog = self.page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        self.look(where, DIALOG)
        self.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def canvas(page: Page) -> Locator:
    return page.locator(".react-flow__pane")


def test_the_canvas_the_panels_and_the_inspector(new_page):
    page: Page = new_page(**QUIET, is_first_visit=True)
    watch = Watch(page)
    watch.look("the tour", DIALOG)
    page.keyboard.press("Escape")
    watch.look("the demo graph")
    run(page)
    settles(page, "save")
    expect(node(page, "denoise").get_by_role("button", name=re.compile("latents"))).to_be_visible()
    watch.look("after a run")
    for name in ("Nodes", "Templates", "Queue", "History", "Files"):
        page.get_by_role("navigation").get_by_role("button", name=name).click()
        expect(page.get_by_role("complementary", name=name)).to_be_visible()
        watch.look(f"the panel {name}", LEFT)
    inspector = page.get_by_role("complementary", name="Inspector")
    expect(inspector.get_by_role("region", name="The whole run")).to_be_visible()
    watch.look("the inspector with nothing selected", RIGHT)
    node(page, "denoise").locator("header").click()
    for tab in ("Values", "State", "Steps", "Info"):
        inspector.get_by_role("tab", name=tab).click()
        watch.look(f"the inspector's {tab}", RIGHT)
    inspector.get_by_role("tab", name="Values").click()
    latents = inspector.get_by_role("region", name="Wrote").locator('[data-value="latents"]')
    latents.get_by_role("button").first.click()
    latents.get_by_role("button", name="Statistics").click()
    expect(latents.get_by_role("img", name=re.compile("^Histogram"))).to_be_visible()
    watch.look("a value with its statistics", RIGHT)
    latents.get_by_role("button", name=re.compile("^Look closer")).first.click()
    watch.dialog("latents in the viewer", "latents of Denoise")
    assert watch.found == {}


def test_dialogs_menus_and_masks(new_page):
    page: Page = new_page(**QUIET)
    watch = Watch(page)
    for text in ("a red circle", "a blue square on a green background"):
        field = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
        field.fill(text)
        field.press("Control+Enter")
        settles(page, "save")
    canvas(page).focus()
    for key, where, name in (
        ("Control+k", "the command palette", "Commands"),
        ("Space", "the palette of nodes", re.compile("node", re.IGNORECASE)),
        ("Control+,", "settings", "Settings"),
        ("?", "shortcuts", "Keyboard shortcuts"),
        ("Shift+T", "the templates", "Templates"),
        ("Control+Shift+S", "saving", re.compile("Save")),
    ):
        page.keyboard.press(key)
        watch.dialog(where, name)
    command(page, "about")
    watch.dialog("about", "About Blockloom")
    node(page, "decode").locator("header").click()
    command(page, "draw a mask")
    watch.dialog("the mask editor", "Draw a mask")
    node(page, "decode").get_by_role("button", name=re.compile("^Look closer")).click()
    viewer = page.get_by_role("dialog", name="images of Decode")
    viewer.get_by_role("button", name="Compare").click()
    watch.look("the menu of pictures to compare with", '[role="menu"]')
    page.get_by_role("menuitemradio", name=re.compile("^Run at")).first.click()
    watch.dialog("two pictures in the viewer", "images of Decode")
    page.get_by_role("navigation").get_by_role("button", name="History").click()
    for place in (0, 1):
        page.locator("[data-job]").nth(place).get_by_role("button", name="Compare").click()
    watch.dialog("two runs", "Two runs")
    page.get_by_role("button", name="Menu", exact=True).click()
    watch.look("the main menu", '[role="menu"]')
    page.keyboard.press("Escape")
    node(page, "denoise").locator("header").click(button="right")
    watch.look("the menu of a node", '[role="menu"]')
    page.keyboard.press("Escape")
    node(page, "decode").locator('[data-handleid="images"]').press("Enter")
    watch.dialog("linking by keyboard", re.compile("images"))
    assert watch.found == {}


def test_problems_errors_german_and_light(new_page):
    page: Page = new_page(**QUIET, locale="de-DE", color_scheme="light")
    watch = Watch(page)
    expect(page.locator('html[data-theme="light"]')).to_have_count(1)
    watch.look("the demo graph, light, in German")
    model = node(page, "model").get_by_role("combobox", name="model")
    model.fill("nobody/nothing")
    model.press("Control+Enter")
    expect(node(page, "model").get_by_role("alert")).to_be_visible()
    node(page, "model").locator("header").click()
    watch.look("an error on its node and in the inspector")
    write_graph(page, BROKEN)
    expect(node(page, "save").get_by_role("button", name=re.compile("fehlt")).first).to_be_visible()
    page.get_by_role("button", name=re.compile("Problem")).click()
    watch.look("a graph with problems")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+T")
    watch.dialog("the templates, light, in German", "Vorlagen")
    page.keyboard.press("Control+k")
    watch.dialog("the command palette, light, in German", "Befehle")
    page.keyboard.press("Control+,")
    watch.dialog("settings, light, in German", "Einstellungen")
    assert watch.found == {}
