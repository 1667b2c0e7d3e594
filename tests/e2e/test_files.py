"""Files: names on the server, this computer, pictures that carry their graph, masks."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import PIL.Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, expect

from e2e.pages import command, drop_file, last_job, node, run, settles, write_graph

WIDE = {"viewport": {"width": 2700, "height": 1000}}


def test_a_graph_is_saved_under_a_name_and_opened_by_a_link(new_page):
    page: Page = new_page(**WIDE)
    prompt = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    prompt.fill("a castle at sunset")
    prompt.blur()
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog", name="Save as")
    dialog.get_by_role("textbox", name="Name").fill("../castle")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_role("textbox", name="Name").fill("castles/first")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name=re.compile("first. Saved"))).to_be_visible()

    other: Page = new_page("/?graph=castles%2Ffirst", **WIDE)
    found = node(other, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    expect(found).to_have_value("a castle at sunset")
    found.fill("another castle")
    found.blur()
    expect(other.get_by_role("button", name=re.compile("first. Changes"))).to_be_visible()
    # Nothing is lost, and nothing saved unasked.
    other.reload()
    expect(found).to_have_value("another castle")
    saved = page.request.get("/api/userdata/graphs%2Fcastles%2Ffirst.json").json()
    assert saved["prompt"]["text_encoder"]["inputs"]["prompt"] == "a castle at sunset"


def test_a_file_that_is_no_graph_says_so_and_changes_nothing(page: Page):
    unknown = {"id": 1, "type": "KSampler", "widgets_values": [1]}
    write_graph(page, {"nodes": [unknown], "links": []}, "workflow.json")
    expect(page.get_by_role("alert")).to_contain_text("Export (API)")
    expect(node(page, "text_encoder")).to_be_visible()


def test_a_graph_goes_to_comfyui_and_comes_back(new_page):
    page: Page = new_page(**WIDE)
    prompt = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    prompt.fill("a castle at sunset")
    prompt.blur()
    with page.expect_download() as download:
        command(page, "Download as ComfyUI workflow")
    assert download.value.suggested_filename.endswith("_comfyui.json")
    workflow = json.loads(download.value.path().read_text())
    prompt.fill("another castle")
    prompt.blur()
    write_graph(page, workflow, "workflow.json")
    expect(prompt).to_have_value("a castle at sunset")


def test_a_saved_picture_brings_its_graph_back(new_page):
    page: Page = new_page(**WIDE)
    prompt = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    prompt.fill("a red circle")
    prompt.press("Control+Enter")
    settles(page, "save")
    shown = last_job(page)["outputs"]["save"]["images"][0]
    query = "&".join(f"{key}={shown[key]}" for key in ("filename", "subfolder", "type"))
    picture = page.request.get(f"/api/view?{query}").body()
    prompt.fill("something else")
    prompt.blur()
    drop_file(page, "red.png", "image/png", picture, 900, 800)
    expect(prompt).to_have_value("a red circle")


def test_a_picture_that_comfyui_saved_opens_as_it_was_drawn_there(new_page):
    page: Page = new_page(**WIDE)
    chunks = PngInfo()
    prompt = {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 8}, "_meta": {"title": "Blank"}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}},
    }
    nodes = [
        {"id": 1, "type": "EmptyImage", "pos": [0, 630], "size": [210, 130]},
        {"id": 2, "type": "SaveImage", "pos": [0, 30], "size": [210, 130]},
    ]
    group = {"title": "From there", "bounding": [-20, -60, 400, 900], "color": "#3f789e"}
    chunks.add_text("prompt", json.dumps(prompt))
    chunks.add_text("workflow", json.dumps({"nodes": nodes, "links": [], "groups": [group]}))
    drop_file(page, "saved.png", "image/png", _picture(chunks), 900, 850)
    expect(page.get_by_role("heading", name="From there")).to_be_visible()
    save, blank = node(page, "2").bounding_box(), node(page, "1").bounding_box()
    assert save is not None
    assert blank is not None
    # A node stands above the one it reads, as no layout of ours puts it.
    assert (save["x"], save["y"] < blank["y"]) == (blank["x"], True)


def test_a_plain_picture_becomes_a_node_that_loads_it(new_page):
    page: Page = new_page(**WIDE)
    drop_file(page, "plain.png", "image/png", _picture(), 900, 850)
    expect(node(page, "picture")).to_be_visible()
    expect(node(page, "picture").get_by_role("combobox")).to_have_value("plain.png")


def test_a_mask_is_painted_and_used(new_page):
    """Paint over the left half of a picture; inpainting changes that half and no other."""
    page: Page = new_page(**WIDE)
    example = page.request.get("/blockloom/examples/inpainting").json()
    graph = with_own_mask(example)
    upload = {"image": {"name": "hills_own.png", "mimeType": "image/png", "buffer": hills(page)}}
    assert page.request.post("/api/upload/image", multipart=upload).ok
    write_graph(page, graph)
    loader = node(page, "own")
    expect(loader).to_be_visible()
    loader.get_by_role("button", name="Draw a mask").click()
    dialog = page.get_by_role("dialog", name="Draw a mask")
    sheet = dialog.locator("canvas")
    expect(sheet).to_be_visible()
    box = sheet.bounding_box()
    assert box is not None
    dialog.get_by_label("Size").fill("20")
    for part in range(1, 20):
        page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * part / 20)
        if part == 1:
            page.mouse.down()
    page.mouse.up()
    page.keyboard.press("i")
    page.keyboard.press("Control+z")
    dialog.get_by_role("button", name="Use this mask").click()
    expect(dialog).to_be_hidden()
    expect(loader.get_by_role("combobox")).to_have_value(re.compile("masked"))
    name = loader.get_by_role("combobox").input_value()
    masked = page.request.get(f"/api/view?filename={name}&type=input").body()
    with PIL.Image.open(io.BytesIO(masked)) as picture:
        alpha = picture.convert("RGBA").getchannel("A")
        across = [alpha.getpixel((x, alpha.height // 2)) for x in range(alpha.width)]
        # What was painted over is transparent, the rest as it was.
        assert across[alpha.width // 5] == 0
        assert across[alpha.width * 4 // 5] == 255
    run(page)
    settles(page, "save")


def with_own_mask(example: dict[str, Any]) -> dict[str, Any]:
    """The inpainting example with picture and mask from one node of its own."""
    text = json.dumps(example)
    prompt = json.loads(text)["prompt"]
    loaders = [
        name for name, found in prompt.items() if found["class_type"].startswith("LoadImage")
    ]
    for found in prompt.values():
        for name, value in found["inputs"].items():
            if isinstance(value, list) and value[0] in loaders:
                found["inputs"][name] = ["own", "mask" if name == "mask_image" else "image"]
    for name in loaders:
        del prompt[name]
    prompt["own"] = {
        "class_type": "LoadImage",
        "inputs": {"image": "hills_own.png"},
        "_meta": {"position": [0, 420]},
    }
    return {"prompt": prompt, "extra": {}}


def hills(page: Page) -> bytes:
    return page.request.get("/api/view?filename=hills.png&type=input").body()


def _picture(chunks: PngInfo | None = None) -> bytes:
    data = io.BytesIO()
    PIL.Image.new("RGB", (48, 32), "teal").save(data, "PNG", pnginfo=chunks)
    return data.getvalue()
