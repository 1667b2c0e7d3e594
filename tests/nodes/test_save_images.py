from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy
import PIL.Image
import pytest

from blockloom.errors import Cancelled, UsageError
from blockloom.execution.cancel import CancelController
from blockloom.export.png import PictureOrigin, read_png_origin


@pytest.fixture
def nodes(node_file):
    return node_file("save_images")


def written(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_saved_pictures_are_numbered_and_know_their_graph(nodes, ctx, tmp_path):
    picture = PIL.Image.effect_noise((9, 7), 80).convert("RGB")

    nodes.save_image(ctx, [picture, picture])
    nodes.save_image(ctx, picture, "2026/%width%x%height%")

    names = ["2026/9x7_00001_.png", "blockloom_00001_.png", "blockloom_00002_.png"]
    assert written(tmp_path / "output") == names
    first = tmp_path / "output" / names[1]
    with PIL.Image.open(first) as saved:
        assert numpy.array_equal(numpy.asarray(saved), numpy.asarray(picture))
    assert read_png_origin(first) == PictureOrigin(ctx.graph_json, seed=7, node_id="save")
    assert ctx.files == [
        {"path": str(tmp_path / "output" / name), "kind": "image", "is_temporary": False}
        for name in (names[1], names[2], names[0])
    ]


def test_numbers_go_on_after_the_highest(nodes, ctx, tmp_path):
    for name in ("a_00009_.png", "a_00003_.png", "ab_00050_.png", "a_x_.png"):
        (tmp_path / "output" / name).touch()

    nodes.save_image(ctx, PIL.Image.new("RGB", (1, 1)), "a")

    assert ctx.files[0]["path"].endswith("a_00010_.png")


def test_many_writers_never_share_a_name(nodes, ctx, tmp_path):
    def save(level):
        nodes.save_image(ctx, PIL.Image.new("L", (1, 1), level), "a")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(40)))

    levels = set()
    for path in (tmp_path / "output").iterdir():
        with PIL.Image.open(path) as picture:
            levels.add(picture.getpixel((0, 0)))
    assert levels == set(range(40))


@pytest.mark.parametrize(
    "prefix",
    [
        "../a",
        "a/../../b",
        "/tmp/a",
        "..",
        "a/",
        "",
        "link/a",
        "link/deep/a",
        "..\\a",
        "C:a",
        "a\0b",
    ],
)
def test_nothing_is_written_outside_the_output_folder(nodes, ctx, tmp_path, prefix):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "output" / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UsageError):
        nodes.save_image(ctx, PIL.Image.new("RGB", (1, 1)), prefix)

    assert written(tmp_path) == []
    assert sorted(path.name for path in (tmp_path / "output").iterdir()) == ["link"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_not_followed(nodes, ctx, tmp_path):
    (tmp_path / "output" / "a_00001_.png").symlink_to(tmp_path / "elsewhere.png")

    nodes.save_image(ctx, PIL.Image.new("RGB", (1, 1)), "a")

    assert ctx.files[0]["path"].endswith("a_00002_.png")
    assert not (tmp_path / "elsewhere.png").exists()


def test_previews_are_apart_and_temporary(nodes, ctx, tmp_path):
    nodes.preview_image(ctx, PIL.Image.new("RGB", (1, 1)))
    ctx.host = replace(ctx.host, temporary_folder=tmp_path / "temp")
    nodes.preview_image(ctx, PIL.Image.new("RGB", (1, 1)))

    assert written(tmp_path) == ["output/previews/preview_00001_.png", "temp/preview_00001_.png"]
    assert [file["is_temporary"] for file in ctx.files] == [True, True]


def test_what_the_client_wants_in_pictures_is_in_them(nodes, ctx, tmp_path):
    ctx.host = replace(ctx.host, picture_notes={"workflow": {"nodes": [1, 2]}})
    nodes.save_image(ctx, PIL.Image.new("RGB", (1, 1)))
    nodes.preview_image(ctx, PIL.Image.new("RGB", (1, 1)))

    for file in ctx.files:
        with PIL.Image.open(file["path"]) as picture:
            assert json.loads(picture.text["workflow"]) == {"nodes": [1, 2]}


def test_saving_stops_when_the_run_is_cancelled(nodes, ctx, tmp_path):
    controller = CancelController()
    ctx.cancel = controller.token
    controller.cancel()

    with pytest.raises(Cancelled):
        nodes.save_image(ctx, PIL.Image.new("RGB", (1, 1)))
    assert written(tmp_path / "output") == []


def test_a_failed_write_leaves_nothing(nodes, ctx, tmp_path, monkeypatch):
    def break_off(picture, metadata, file):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(nodes, "_write_png", break_off)
    with pytest.raises(OSError, match="disk full"):
        nodes.save_image(ctx, PIL.Image.new("RGB", (1, 1)))
    assert (written(tmp_path / "output"), ctx.files) == ([], [])


@pytest.mark.parametrize(
    ("value", "message"),
    [("a cat", "a text"), (None, "empty"), ([], "batch is empty"), (3, "of type int")],
)
def test_what_is_no_picture_is_refused(nodes, ctx, value, message):
    with pytest.raises(UsageError, match=message):
        nodes.save_image(ctx, value)
