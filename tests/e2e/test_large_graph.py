"""A graph of hundreds of nodes: only what is seen is mounted, wherever one goes."""

from __future__ import annotations

import json

from benchmarks.editor_graphs import ZOOM, chains, graph_file
from playwright.sync_api import Page, expect

from e2e.pages import node, wait_until_drawn

COUNT = 300
MOST = 60


def test_only_what_is_seen_is_mounted(new_page):
    page: Page = new_page()
    file = graph_file(chains(COUNT))
    draft = json.dumps({"name": "", "isChanged": True, "file": file})
    # As it goes, the page keeps its own draft: this one is there before the next begins.
    page.add_init_script(f"localStorage.setItem('blockloom.draft', {json.dumps(draft)})")
    page.reload()
    wait_until_drawn(page)
    expect(node(page, "1")).to_be_visible()
    mounted = page.locator("[data-node]")
    zoom = page.locator(".react-flow__viewport").evaluate("found => found.style.transform")
    assert f"scale({ZOOM})" in zoom
    assert 0 < mounted.count() < MOST
    # From afar they are plain cards; near to one at the other end, they are few again.
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Home")
    expect(mounted.nth(COUNT // 2)).to_be_attached()
    expect(page.locator('[data-node][data-card="false"]')).to_have_count(0)
    expect(mounted).to_have_count(COUNT)
    far = node(page, str(COUNT - 50))
    far.click()
    page.locator(".react-flow__pane").focus()
    page.keyboard.press(".")
    expect(far).to_have_attribute("data-card", "false")
    expect(node(page, "1")).to_have_count(0)
    assert 0 < mounted.count() < MOST
