from __future__ import annotations

import json

import PIL.Image
import pytest
from PIL.PngImagePlugin import PngInfo

from blockloom.errors import NotFoundError, UsageError
from blockloom.export import png
from blockloom.export.png import PictureOrigin, check_notes, png_metadata, read_png_origin

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


def test_notes_of_a_client_have_chunks_of_their_own(tmp_path):
    workflow = {"nodes": [{"id": 1, "title": "Grün 🌼"}], "version": 0.4}
    notes = {"workflow": workflow, "prompt": {"not": "ours"}, "blockloom": 1, "Größe": [1, None]}
    path = save(tmp_path / "a.png", png_metadata(GRAPH_JSON, 7, "save", notes))
    with PIL.Image.open(path) as picture:
        chunks = {name: json.loads(text) for name, text in picture.text.items()}
    about = {"version": 1, "seed": 7, "node": "save", "extra": GRAPH_JSON["extra"]}
    assert chunks == {
        "prompt": GRAPH_JSON["prompt"],
        "workflow": workflow,
        "Größe": [1, None],
        "blockloom": about,
    }
    assert read_png_origin(path) == PictureOrigin(GRAPH_JSON, 7, "save")


def test_what_is_too_large_for_a_picture_is_left_out_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(png, "CHUNKS_LIMIT", 200)
    notes = {"long": "x" * 200, "short": "x", "no\nname": 1}
    path = save(tmp_path / "a.png", png_metadata(GRAPH_JSON, 7, "save", notes))
    with PIL.Image.open(path) as picture:
        assert set(picture.text) == {"prompt", "short", "blockloom"}
        assert json.loads(picture.text["blockloom"])["left_out"] == ["long", "no\nname"]
    path = save(tmp_path / "b.png", png_metadata({"prompt": {"a": "x" * 200}}, 7, "save"))
    with PIL.Image.open(path) as picture:
        assert set(picture.text) == {"blockloom"}


def test_the_largest_chunks_can_be_read_again(tmp_path):
    graph = {"prompt": {"a": "x" * (png.CHUNKS_LIMIT - 100)}}
    path = save(tmp_path / "a.png", png_metadata(graph, 7, "save"))
    assert read_png_origin(path).graph_json == {**graph, "extra": {}}


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ({"workflow": "x" * png.NOTES_LIMIT}, "have 16.0 MB; 16 MB are allowed"),
        ({str(number): 1 for number in range(65)}, "65 notes"),
        ({"": 1}, "the name ''"),
        ({"x" * 80: 1}, "the name 'xxx"),
        ({" x": 1}, "the name ' x'"),
        ({"x\0y": 1}, "the name"),
        ({"花": 1}, "the name '花'"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_notes_that_cannot_be_written_are_refused(notes, message):
    with pytest.raises(UsageError, match=message):
        check_notes(notes)


def test_ordinary_notes_are_accepted():
    check_notes({})
    check_notes({"workflow": {"nodes": []}, "Größe": None, "x" * 79: "y"})


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


def test_a_picture_of_comfyui_gives_places_and_titles_too(tmp_path):
    chunks = PngInfo()
    prompt = {
        "3": {"class_type": "EmptyImage", "inputs": {"width": 8}, "_meta": {"title": "Mine"}},
        "9": {"class_type": "SaveImage", "inputs": {"images": ["3", 0]}},
    }
    workflow = {
        "nodes": [
            {"id": 3, "type": "EmptyImage", "pos": [10, 40], "size": [210, 130]},
            {"id": 9, "type": "SaveImage", "pos": [400.4, 40], "title": "Keep"},
            {"id": 5, "type": "SaveImage", "pos": [0, 0], "mode": 2},
            {"id": 6, "type": "Note", "pos": [0, 330], "size": [200, 70], "widgets_values": ["!"]},
        ],
        "groups": [{"title": "All", "bounding": [0, 0, 900, 300], "color": "#8A8"}],
        "version": 0.4,
    }
    chunks.add_text("prompt", json.dumps(prompt))
    chunks.add_text("workflow", json.dumps(workflow))
    group = {"id": "group1", "title": "All", "colour": "green"}
    note = {"id": "note1", "text": "!", "x": 0, "y": 300, "width": 200, "height": 100}
    assert read_png_origin(save(tmp_path / "a.png", chunks)) == PictureOrigin(
        {
            "prompt": {
                "3": {**prompt["3"], "_meta": {"title": "Mine", "position": [10, 10]}},
                "9": {**prompt["9"], "_meta": {"position": [400, 10], "title": "Keep"}},
            },
            "extra": {
                "groups": [{**group, "x": 0, "y": 0, "width": 900, "height": 300}],
                "notes": [note],
            },
        }
    )
    chunks.add_text("workflow", "damaged")
    origin = read_png_origin(save(tmp_path / "b.png", chunks))
    assert origin.graph_json == {"prompt": prompt, "extra": {}}
