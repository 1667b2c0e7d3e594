"""Goes through Blockloom's extension in the browser, in a ComfyUI that runs already.

    python scripts/comfyui_browser.py ADDRESS [--pictures FOLDER]

Once on the classic canvas and, where its frontend draws nodes as elements with the widgets of
extensions, once in Nodes 2.0. 0 where everything is as it should be, else 1.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import PIL.Image
import PIL.PngImagePlugin
from comfyui_page import Editor, open_browser
from playwright.sync_api import Browser, expect

from blockloom.export.png import origin_texts
from blockloom.resources import examples_folder

expect.set_options(timeout=30_000)
SETTINGS = {"Comfy.TutorialCompleted": True, "Comfy.Locale": "en", "Comfy.ColorPalette": "dark"}
OTHER = "a blue house at night"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Visit:
    """One way through the editor."""

    def __init__(self, editor: Editor, pictures: Path | None, name: str) -> None:
        self.editor = editor
        self.folder = pictures
        self.name = name
        self.failed: list[str] = []

    def check(self, what: str, is_good: bool, note: object = "") -> None:
        say(f"{'ok  ' if is_good else 'FAIL'}  {self.name}: {what}{'' if is_good else f': {note}'}")
        if not is_good:
            self.failed.append(what)

    def shot(self, name: str) -> None:
        self.editor.shot(self.folder, f"{self.name.replace(' ', '_')}_{name}")


def check_file(visit: Visit) -> None:
    """A dropped graph file is laid out, and sends what was typed and nothing else."""
    editor = visit.editor
    text = (examples_folder() / "text_to_image.json").read_bytes()
    editor.drop("text_to_image.json", text)
    file = json.loads(text)["prompt"]
    titles = [node["_meta"]["title"] for node in file.values()]
    visit.check("a graph file opens", sorted(editor.titles()) == sorted(titles), editor.titles())
    sent = {node["_meta"]["title"]: node["inputs"] for node in editor.prompt().values()}
    wanted = {node["_meta"]["title"]: sorted(node["inputs"]) for node in file.values()}
    names = {title: sorted(inputs) for title, inputs in sent.items() if title != "Enlarge"}
    wanted.pop("Enlarge")
    visit.check("only what was typed is sent", names == wanted, names)
    places = editor.do("() => (app.rootGraph ?? app.graph).nodes.map((n) => n.pos.join())")
    visit.check("its nodes stand apart", len(set(places)) == len(places), places)
    visit.shot("file")


def check_reload(visit: Visit) -> None:
    """What was typed is what its file says, after saving and opening."""
    editor = visit.editor
    editor.type("Denoise", "strength", 0.7)
    before = editor.prompt()
    visit.check("typing sends a value", _inputs(before, "Denoise").get("strength") == 0.7)
    editor.reload_graph()
    visit.check("a saved workflow sends the same", editor.prompt() == before, editor.prompt())
    editor.do("(prompt) => app.loadApiJson(prompt, 'api')", before)
    editor.pause(2)
    visit.check("and so does its API file", editor.prompt() == before, editor.prompt())


def check_state(visit: Visit) -> None:
    """The panel on a node: values, pictures, what has changed, the steps of a loop."""
    editor = visit.editor
    editor.run()
    editor.look_at("Decode")
    panel = editor.panel("Decode")
    panel.locator(".blockloom-header").click()
    expect(panel.locator("[data-value=images]")).to_be_visible()
    picture = panel.locator(".blockloom-drawn img").first
    editor.pause(1)
    visit.check("its pictures are there", picture.evaluate("image => image.naturalWidth") > 0)
    visit.check("who wrote a value is told", panel.get_by_text("from Denoise").count() == 1)
    panel.locator(".blockloom-drawn").first.click()
    stage = editor.page.locator(".blockloom-stage")
    expect(stage).to_be_visible()
    editor.page.keyboard.press("+")
    editor.page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    visit.check("a picture opens to the full view", True)
    editor.type("Text encoder", "prompt", OTHER)
    editor.run()
    expect(panel.locator("[data-value=images] .blockloom-mark")).to_be_visible()
    visit.check("what has changed is marked", True)
    visit.shot("state")
    editor.look_at("Denoise")
    editor.do("() => { app.canvas.ds.offset[1] -= 480; app.canvas.setDirty(true, true); }")
    editor.pause(1)
    steps = editor.panel("Denoise")
    steps.locator(".blockloom-header").click()
    expect(steps.get_by_text("Step 25 of 25")).to_be_visible()
    steps.get_by_role("slider").press("ArrowLeft")
    visit.check("a slider goes through the steps", steps.get_by_text("Step 24 of 25").count() == 1)
    visit.shot("steps")


def check_tab(visit: Visit) -> None:
    """The whole state at the side, what was given apart from what was made."""
    editor = visit.editor
    editor.select("Denoise")
    editor.command("Workspace.ToggleSidebarTab.blockloom")
    tab = editor.page.locator(".blockloom-tab")
    given = tab.get_by_role("group", name="As the user gave it")
    expect(given.locator("[data-value=prompt]")).to_be_visible()
    made = tab.get_by_role("group", name="Made along the way")
    visit.check("what was made is kept apart", made.locator("[data-value=latents]").count() == 1)
    tab.get_by_role("searchbox").fill("prompt_embeds pooled")
    visit.check("values can be filtered", made.locator("li").count() == 2, made.inner_text())
    visit.shot("tab")
    editor.command("Workspace.ToggleSidebarTab.blockloom")


def check_template(visit: Visit) -> None:
    """A template is inserted beside what is there, and taken back in one step."""
    editor = visit.editor
    before = editor.titles()
    editor.command("Blockloom.InsertTemplate")
    search = editor.page.get_by_role("combobox", name="Search templates")
    search.fill("diffusion xl text")
    editor.page.keyboard.press("Enter")
    editor.wait(f"(app.rootGraph ?? app.graph).nodes.length > {len(before)}")
    editor.pause(1.5)
    visit.check("a template is inserted", editor.titles()[: len(before)] == before, editor.titles())
    visit.shot("template")
    editor.command("Comfy.Undo")
    editor.pause(2)
    visit.check("and undone in one step", sorted(editor.titles()) == sorted(before))


def check_expand(visit: Visit) -> None:
    """An expanded node gives the same picture."""
    editor = visit.editor
    whole = editor.pictures(editor.run())
    editor.select("Denoise")
    editor.command("Blockloom.Expand")
    editor.wait(
        "(app.rootGraph ?? app.graph).nodes.some((node) => node.title === 'Before denoise')"
    )
    editor.pause(1)
    entry = editor.run()
    opened = editor.pictures(entry)
    is_same = bool(opened) and [_pixels(one) for one in opened] == [_pixels(one) for one in whole]
    visit.check("an expanded node gives the same picture", is_same, entry["status"])
    visit.shot("expanded")


def check_missing(visit: Visit) -> None:
    """What is missing is listed with who could supply it, and added at a click."""
    editor = visit.editor
    editor.do(
        """() => {
          const graph = app.rootGraph ?? app.graph;
          const node = (title) => graph.nodes.find((node) => node.title === title);
          graph.remove(node("Text encoder"));
          node("Guidance").connect(0, node("Input"), 0);
        }"""
    )
    editor.command("Blockloom.MissingInputs")
    problems = editor.page.locator(".blockloom-problem")
    expect(problems.first).to_contain_text("prompt_embeds")
    visit.shot("missing")
    problems.first.get_by_role("button", name="Add Text Encoder").click()
    expect(editor.page.get_by_text("Nothing is missing.")).to_be_visible()
    visit.check("what is missing is told, and added", "Text Encoder" in editor.titles())
    editor.command("Workspace.ToggleSidebarTab.blockloom")


def check_pictures(visit: Visit) -> None:
    """Pictures saved by Blockloom open; files of ComfyUI are left to it."""
    editor = visit.editor
    file = json.loads((examples_folder() / "image_to_image.json").read_text())
    info = PIL.PngImagePlugin.PngInfo()
    for name, text in origin_texts(file, 7, "save").items():
        info.add_text(name, text)
    content = io.BytesIO()
    PIL.Image.new("RGB", (8, 8)).save(content, "PNG", pnginfo=info)
    editor.drop("saved.png", content.getvalue())
    titles = [node["_meta"]["title"] for node in file["prompt"].values()]
    visit.check("a saved picture opens", set(titles) <= set(editor.titles()), editor.titles())
    api = {"4": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 32}}}
    editor.drop("api.json", json.dumps(api).encode())
    visit.check("files of ComfyUI are its own", len(editor.titles()) == 1, editor.titles())


CHECKS: tuple[Callable[[Visit], None], ...] = (
    check_file,
    check_reload,
    check_state,
    check_tab,
    check_template,
    check_expand,
    check_missing,
    check_pictures,
)


def _inputs(prompt: dict[str, dict[str, dict[str, object]]], title: str) -> dict[str, object]:
    found = [node["inputs"] for node in prompt.values() if node["_meta"]["title"] == title]
    return found[0] if found else {}


def _pixels(content: bytes) -> bytes:
    with PIL.Image.open(io.BytesIO(content)) as picture:
        return picture.tobytes()


def go(
    browser: Browser, address: str, pictures: Path | None, *, has_elements: bool
) -> tuple[list[str], bool]:
    """What failed on one of the two canvases, and whether extensions have a place on it."""
    settings = {**SETTINGS, "Comfy.VueNodes.Enabled": has_elements}
    editor = Editor(browser, address, settings)
    visit = Visit(editor, pictures, "Nodes 2.0" if has_elements else "classic")
    try:
        check_file(visit)
        if has_elements and editor.page.locator("[data-widget-name=blockloom_state]").count() == 0:
            say("      Nodes 2.0 of this frontend has no place for widgets of extensions.")
            return visit.failed, False
        for check in CHECKS[1:]:
            try:
                check(visit)
            except Exception as error:
                visit.check(check.__doc__ or check.__name__, False, str(error)[:600])
                visit.shot(f"failed_{check.__name__}")
        visit.check("nothing went wrong inside", not editor.warnings, editor.warnings)
    finally:
        editor.close()
    return visit.failed, True


def main() -> int:
    """0 where everything is as it should be, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--pictures", type=Path, default=None)
    options = parser.parse_args()
    address = options.address.rstrip("/")
    failed: list[str] = []
    with open_browser() as browser:
        for has_elements in (False, True):
            found, _ = go(browser, address, options.pictures, has_elements=has_elements)
            failed += found
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
