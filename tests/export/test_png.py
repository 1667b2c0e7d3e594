from __future__ import annotations

import PIL.Image
import pytest
from PIL.PngImagePlugin import PngInfo

from blockloom.errors import NotFoundError, UsageError
from blockloom.export.png import PictureOrigin, png_metadata, read_png_origin

GRAPH_JSON = {
    "prompt": {"a": {"class_type": "PrimitiveString", "inputs": {"value": "Blüte 🌼\n"}}},
    "extra": {"viewport": [0, 0, 1]},
}


def save(path, chunks):
    PIL.Image.new("RGB", (1, 1)).save(path, pnginfo=chunks)
    return path


@pytest.mark.parametrize("seed", [None, 0, 2**64 - 1])
def test_a_picture_knows_how_it_was_made(tmp_path, seed):
    path = save(tmp_path / "a.png", png_metadata(GRAPH_JSON, seed, "save"))
    assert read_png_origin(path) == PictureOrigin(GRAPH_JSON, seed, "save")


def test_a_large_graph_fits(tmp_path):
    graph = {"prompt": {str(i): {"class_type": "A" * 100, "inputs": {}} for i in range(20_000)}}
    path = save(tmp_path / "a.png", png_metadata(graph, 1, "save"))
    assert read_png_origin(path).graph_json == {**graph, "extra": {}}


def test_a_picture_made_by_comfyui(tmp_path):
    chunks = PngInfo()
    chunks.add_text("prompt", '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}')
    chunks.add_text("workflow", '{"nodes": []}')
    prompt = {"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}
    assert read_png_origin(save(tmp_path / "a.png", chunks)) == PictureOrigin(
        {"prompt": prompt, "extra": {}}
    )


@pytest.mark.parametrize("text", [None, "", "{", "[1]", "[" * 100_000])
def test_a_picture_that_does_not_say(tmp_path, text):
    chunks = PngInfo()
    if text is not None:
        chunks.add_text("prompt", text)
    with pytest.raises(NotFoundError, match="does not say how it was made"):
        read_png_origin(save(tmp_path / "a.png", chunks))


def test_what_is_no_png(tmp_path):
    with pytest.raises(NotFoundError, match="There is no file"):
        read_png_origin(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes(b"GIF89a")
    with pytest.raises(UsageError, match="is not a PNG"):
        read_png_origin(tmp_path / "a.png")
