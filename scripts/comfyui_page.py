"""ComfyUI's own editor in a browser, as far as the check of Blockloom's extension handles it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PATIENCE = 60_000
READY = (
    "!!(window.app?.canvas?.graph && window.app.extensionManager"
    " && window.LiteGraph?.registered_node_types?.BlockloomLoadPipeline)"
)
NODE = "(app.rootGraph ?? app.graph).nodes.find((node) => node.title === {title})"
DROP = """async ([text, name, type]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type }));
  app.canvas.canvas.dispatchEvent(
    new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files }));
}"""
PROMPT = "app.graphToPrompt().then(({ output }) => JSON.parse(JSON.stringify(output)))"
TYPE = """([title, name, value]) => {
  const node = (app.rootGraph ?? app.graph).nodes.find((node) => node.title === title);
  const widget = node.widgets.find((widget) => widget.name === name);
  widget.value = value;
  widget.callback?.(value, app.canvas, node);
}"""
LOOK_AT = """(title) => {
  const node = (app.rootGraph ?? app.graph).nodes.find((node) => node.title === title);
  app.canvas.ds.scale = 1;
  app.canvas.ds.offset = [420 - node.pos[0], 140 - node.pos[1]];
  app.canvas.setDirty(true, true);
}"""
RELOAD = "async () => { await app.loadGraphData(JSON.parse(JSON.stringify("
RELOAD += "(app.rootGraph ?? app.graph).serialize()))); }"


def browser_path() -> str:
    """The browser of this machine; ``BLOCKLOOM_BROWSER`` names another one."""
    named = os.environ.get("BLOCKLOOM_BROWSER", "")
    found = next((path for name in (named, *CHROMIUM) if name and (path := shutil.which(name))), "")
    if not found:
        raise SystemExit("error: Chromium is missing: install it, or set BLOCKLOOM_BROWSER to it.")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=[*ARGUMENTS])
        yield browser
        browser.close()


class Editor:
    """ComfyUI's editor, opened anew with these settings."""

    def __init__(self, browser: Browser, address: str, settings: dict[str, Any]) -> None:
        self.address = address
        for name, value in settings.items():
            self.ask(f"/settings/{name}", value)
        context = browser.new_context(viewport={"width": 1600, "height": 1000})
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.warnings: list[str] = []
        self.page.on("console", lambda message: self._note(message.text))
        self.page.goto(address)
        self.page.wait_for_function(READY)
        self.page.wait_for_timeout(1500)

    def _note(self, text: str) -> None:
        if "Blockloom" in text or "blockloom" in text.split("\n")[0]:
            self.warnings.append(text[:300])

    def close(self) -> None:
        self.page.context.close()

    def ask(self, path: str, content: object = None) -> Any:
        """What ComfyUI answers; "" where that is nothing."""
        data = None if content is None else json.dumps(content).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/api{path}", data=data, headers=headers)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else ""

    def do(self, script: str, argument: object = None) -> Any:
        """The result of a piece of JavaScript in the page."""
        return self.page.evaluate(script, argument)

    def wait(self, condition: str) -> None:
        self.page.wait_for_function(condition)

    def pause(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)

    def drop(self, name: str, content: bytes) -> None:
        """Drop a file on the canvas, and wait until its graph is there."""
        self.do("() => { window.graphBefore = (app.rootGraph ?? app.graph).nodes[0]; }")
        type_ = "image/png" if name.endswith(".png") else "application/json"
        self.do(DROP, [base64.b64encode(content).decode(), name, type_])
        self.wait(
            "(app.rootGraph ?? app.graph).nodes.length > 0"
            " && (app.rootGraph ?? app.graph).nodes[0] !== window.graphBefore"
        )
        self.pause(1.5)

    def prompt(self) -> dict[str, Any]:
        """What would be sent, node by node."""
        found: dict[str, Any] = self.do(PROMPT)
        return found

    def type(self, title: str, name: str, value: object) -> None:
        self.do(TYPE, [title, name, value])

    def run(self, limit: float = 300) -> dict[str, Any]:
        """Run the workflow to its end; the entry of ComfyUI's history."""
        before = set(self.ask("/history"))
        self.do("() => app.queuePrompt(0)")
        end = time.monotonic() + limit
        while time.monotonic() < end:
            new = set(found := self.ask("/history")) - before
            if new:
                self.pause(1)
                entry: dict[str, Any] = found[new.pop()]
                return entry
            self.pause(0.2)
        raise TimeoutError("The workflow did not end.")

    def pictures(self, entry: dict[str, Any]) -> list[bytes]:
        """The pictures a run has saved."""
        files = [file for shown in entry["outputs"].values() for file in shown.get("images", [])]
        return [self._fetch(file) for file in files if file["type"] == "output"]

    def _fetch(self, file: dict[str, str]) -> bytes:
        query = "&".join(f"{name}={file[name]}" for name in ("filename", "subfolder", "type"))
        with urllib.request.urlopen(f"{self.address}/api/view?{query}") as answer:
            content: bytes = answer.read()
        return content

    def look_at(self, title: str) -> None:
        self.do(LOOK_AT, title)
        self.pause(0.8)

    def titles(self) -> list[str]:
        found: list[str] = self.do("() => (app.rootGraph ?? app.graph).nodes.map((n) => n.title)")
        return found

    def panel(self, title: str) -> Locator:
        """The block state on a node, marked so that it is found."""
        node = NODE.format(title=json.dumps(title))
        self.do(
            f"() => {{ const node = {node}; node.widgets.find((w) => w.name === 'blockloom_state')"
            ".element.dataset.node = node.title; }"
        )
        return self.page.locator(f".blockloom-panel[data-node={json.dumps(title)}]")

    def command(self, name: str) -> None:
        self.do("(id) => { void app.extensionManager.command.execute(id); }", name)

    def select(self, title: str) -> None:
        node = NODE.format(title=json.dumps(title))
        self.do(f"() => {{ app.canvas.deselectAll?.(); app.canvas.selectNodes([{node}]); }}")

    def reload_graph(self) -> None:
        """Save the workflow and open what was saved."""
        self.do(RELOAD)
        self.pause(2)

    def shot(self, folder: Path | None, name: str) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}.png")
