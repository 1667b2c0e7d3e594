"""On a tablet: the canvas and its nodes by fingers alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from e2e.pages import node

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
LONG = 900

Point = tuple[float, float]


class Fingers:
    """Fingers on a page, as the browser reports them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y, "id": count} for count, (x, y) in enumerate(points)]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def move(self, *ways: tuple[Point, Point], steps: int = 8) -> None:
        """Put fingers down, go each its way, and lift them."""
        self._send("touchStart", *(start for start, _ in ways))
        for step in range(1, steps + 1):
            self._send("touchMove", *(_between(*way, step / steps) for way in ways))
        self._send("touchEnd")

    def press(self, point: Point) -> None:
        self._send("touchStart", point)
        self.page.wait_for_timeout(LONG)
        self._send("touchEnd")


def _between(start: Point, end: Point, part: float) -> Point:
    return (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)


def middle(found: Locator) -> Point:
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def zoom(page: Page) -> float:
    found = page.locator(".react-flow__viewport").evaluate(
        "found => new DOMMatrix(getComputedStyle(found).transform).a"
    )
    return float(found)


@pytest.fixture
def page(new_page) -> Page:
    return new_page(**TABLET)


def test_nodes_are_chosen_moved_linked_and_have_their_menu(page: Page):
    fingers, denoise = Fingers(page), node(page, "denoise")
    title = denoise.locator("h2")
    page.touchscreen.tap(*middle(title))
    expect(denoise).to_have_attribute("data-selected", "true")
    x, y = middle(title)
    fingers.move(((x, y), (x + 40, y + 60)))
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    assert middle(title)[0] > x + 15
    assert middle(title)[1] > y + 30
    fingers.press(middle(title))
    expect(page.get_by_role("menuitem", name="Duplicate")).to_be_visible()
    page.keyboard.press("Escape")
    start = node(page, "decode").locator('[data-handleid="images"][data-handlepos="right"]')
    end = node(page, "save").locator('[data-handleid="images"][data-handlepos="left"]')
    fingers.move((middle(start), middle(end)))
    wire = page.locator('.react-flow__edge[aria-label="decode.images → save.images"]')
    expect(wire).to_be_attached()


def test_one_finger_moves_the_canvas_and_two_zoom(page: Page):
    fingers, model = Fingers(page), node(page, "model")
    x, y = middle(model)
    fingers.move(((500, 650), (560, 610)))
    assert middle(model)[0] > x + 30
    assert middle(model)[1] < y - 15
    before = zoom(page)
    fingers.move(((400, 650), (340, 650)), ((600, 650), (660, 650)))
    assert zoom(page) > before * 1.2
