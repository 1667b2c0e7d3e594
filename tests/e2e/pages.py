"""What several browser tests do with a page."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

# Untouched, a canvas has its origin in the corner, and nothing on it.
DRAWN = """() => {
    const view = document.querySelector(".react-flow__viewport")?.style.transform ?? "";
    const isFitted = view !== "" && view !== "translate(0px, 0px) scale(1)";
    return isFitted && document.querySelector("[data-node]") !== null;
}"""


def wait_until_drawn(page: Page) -> None:
    """Wait until the first graph of a page is on the canvas, and moved into view."""
    page.wait_for_function(DRAWN)


def node(page: Page, node_id: str) -> Locator:
    """A node on the canvas; it has to be on screen."""
    return page.locator(f'[data-node="{node_id}"]')


def run(page: Page) -> None:
    """Click on Run."""
    page.get_by_role("button", name="Run", exact=True).click()


def status_becomes(page: Page, node_id: str, status: str) -> None:
    expect(node(page, node_id)).to_have_attribute("data-status", status)


def settles(page: Page, node_id: str) -> None:
    """Wait until a node has its result, whether it ran or an earlier one was kept."""
    expect(node(page, node_id)).to_have_attribute("data-status", re.compile("done|kept"))


def show_all(page: Page) -> None:
    """Bring the whole graph into view."""
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Home")


def command(page: Page, text: str) -> None:
    """Do something by the command palette."""
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search commands and nodes").fill(text)
    page.keyboard.press("Enter")


def write_graph(page: Page, graph: dict[str, Any], name: str = "graph.json") -> None:
    """Open a graph file through the file chooser, as a person does."""
    page.bring_to_front()
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Control+o")
    chosen.value.set_files(
        {"name": name, "mimeType": "application/json", "buffer": json.dumps(graph).encode()}
    )


def last_job(page: Page) -> Any:
    """The newest job on the server, with all that is known of it."""
    jobs = page.request.get("/api/jobs?limit=1").json()["jobs"]
    return page.request.get(f"/api/jobs/{jobs[0]['id']}").json()


def drop_file(page: Page, name: str, kind: str, content: bytes, x: int, y: int) -> None:
    """Drop a file of this computer on the page."""
    page.evaluate(
        """async ([name, kind, data, x, y]) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, {type: kind}));
            const target = document.elementFromPoint(x, y);
            for (const type of ["dragenter", "dragover", "drop"]) {
                target.dispatchEvent(new DragEvent(type, {
                    bubbles: true, cancelable: true, dataTransfer: transfer, clientX: x, clientY: y,
                }));
            }
        }""",
        [name, kind, base64.b64encode(content).decode(), x, y],
    )
