"""From opening the page for the first time to the first picture."""

from __future__ import annotations

import io

import PIL.Image
from playwright.sync_api import Page, expect


def test_one_click_on_run_gives_the_first_picture(new_page):
    # Nodes off screen are not mounted: this one is wide enough for all of them.
    page: Page = new_page(is_first_visit=True, viewport={"width": 2700, "height": 900})
    node = page.locator('[data-node="save"]')
    expect(page.locator('[data-node="text_encoder"]')).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    picture = node.locator("img").first
    expect(picture).to_be_visible()
    found = page.request.get(picture.get_attribute("src") or "")
    assert found.ok
    with PIL.Image.open(io.BytesIO(found.body())) as image:
        assert image.size == (384, 384)
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 100
