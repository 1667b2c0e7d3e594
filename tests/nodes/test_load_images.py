from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy
import PIL.Image
import pytest

from blockloom.errors import NotFoundError, UsageError


@pytest.fixture
def nodes(node_file):
    return node_file("load_images")


def pixels(picture):
    return numpy.asarray(picture).tolist()


def test_a_picture_and_its_transparency(nodes, ctx, tmp_path):
    picture = PIL.Image.new("RGBA", (2, 1), (10, 20, 30, 255))
    picture.putpixel((1, 0), (40, 50, 60, 55))
    picture.save(tmp_path / "input" / "a.png")

    loaded = nodes.load_image(ctx, "a.png")

    assert (loaded.image.mode, pixels(loaded.image)) == ("RGB", [[[10, 20, 30], [40, 50, 60]]])
    assert (loaded.mask.mode, pixels(loaded.mask)) == ("L", [[0, 200]])
    assert pixels(nodes.load_image_mask(ctx, "a.png")) == [[0, 200]]
    assert pixels(nodes.load_image_mask(ctx, "a.png", "green")) == [[20, 50]]


def test_no_transparency_gives_a_black_mask_of_the_same_size(nodes, ctx, tmp_path):
    PIL.Image.new("RGB", (5, 3), "red").save(tmp_path / "input" / "a.jpg")

    mask = nodes.load_image(ctx, "a.jpg").mask

    assert (mask.mode, mask.size, mask.getextrema()) == ("L", (5, 3), (0, 0))
    assert pixels(nodes.load_image_mask(ctx, "a.jpg")) == pixels(mask)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixel_becomes_rgb(nodes, ctx, tmp_path, mode):
    grey = numpy.array([[0, 255]], dtype=numpy.uint8)
    if mode == "I;16":
        picture = PIL.Image.fromarray(grey.astype(numpy.uint16) * 257)
    elif mode == "I":
        picture = PIL.Image.fromarray(grey.astype(numpy.int32) * 257)
    elif mode == "F":
        picture = PIL.Image.fromarray(grey.astype(numpy.float32) / 255)
    else:
        picture = PIL.Image.fromarray(grey).convert(mode)
    picture.save(tmp_path / "input" / "a.tiff")

    image = nodes.load_image(ctx, "a.tiff").image

    assert (image.mode, pixels(image)) == ("RGB", [[[0, 0, 0], [255, 255, 255]]])


def test_a_palette_with_a_transparent_colour_has_a_mask(nodes, ctx, tmp_path):
    picture = PIL.Image.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.putpixel((1, 0), 1)
    picture.save(tmp_path / "input" / "a.png", transparency=1)

    assert pixels(nodes.load_image(ctx, "a.png").mask) == [[0, 255]]


def test_a_photograph_is_turned_upright(nodes, ctx, tmp_path):
    picture = PIL.Image.new("RGB", (4, 2), "red")
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "input" / "a.jpg", exif=exif)

    image = nodes.load_image(ctx, "a.jpg").image

    assert (image.size, image.info) == ((2, 4), {})


def test_an_animation_gives_its_frames(nodes, ctx, tmp_path):
    frames = [PIL.Image.new("RGB", (2, 2), color) for color in ("red", "lime", "blue")]
    frames[0].save(
        tmp_path / "input" / "a.webp", save_all=True, append_images=frames[1:], lossless=True
    )

    loaded = nodes.load_image(ctx, "a.webp")

    assert [frame.getpixel((0, 0)) for frame in loaded.image] == [
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
    ]
    assert len(loaded.mask) == 3


def png_of_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a picture"),
        (b"hello", "is not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "is not a picture"),
        (png_of_size(60_000, 60_000), "is too large"),
        (png_of_size(13_000, 13_900), "is too large"),
        (png_of_size(9_000, 10_000), "is damaged"),
        (png_of_size(1_000, 1_000)[:-20], "is damaged"),
    ],
    ids=["empty", "text", "postscript", "bomb", "large", "short", "cut off"],
)
def test_what_is_no_usable_picture_is_refused(nodes, ctx, tmp_path, content, message):
    (tmp_path / "input" / "a.png").write_bytes(content)

    with pytest.raises(UsageError, match=message) as caught:
        nodes.load_image(ctx, "a.png")
    assert str(tmp_path) not in str(caught.value)


def test_a_name_may_say_in_which_folder_as_comfyui_writes_it(nodes, ctx, tmp_path):
    for folder, color in (("input", "red"), ("output", "lime"), ("output/previews", "blue")):
        (tmp_path / folder / "sub").mkdir(parents=True)
        PIL.Image.new("RGB", (1, 1), color).save(tmp_path / folder / "sub" / "a.png")
    PIL.Image.new("RGB", (1, 1), "white").save(tmp_path / "input" / "b [output].png")
    for name, color in (
        ("sub/a.png", (255, 0, 0)),
        ("sub/a.png [input]", (255, 0, 0)),
        ("sub/a.png [output]", (0, 255, 0)),
        ("sub/a.png [temp]", (0, 0, 255)),
        ("b [output].png", (255, 255, 255)),
    ):
        assert nodes.load_image(ctx, name).image.getpixel((0, 0)) == color
    PIL.Image.new("RGB", (1, 1)).save(tmp_path / "secret.png")
    for name in ("../secret.png [output]", "a.png [output]", "sub/a.png [models]", " [output]"):
        with pytest.raises(NotFoundError):
            nodes.load_image(ctx, name)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.png",
        "link.png",
        "folder/../../secret.png",
        ".",
        "",
        "a\0.png",
        "x" * 5000,
        "circle",
    ],
)
def test_files_outside_the_input_folder_are_not_there(nodes, ctx, tmp_path, name):
    PIL.Image.new("RGB", (1, 1)).save(tmp_path / "secret.png")
    (tmp_path / "input" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "input" / "circle").symlink_to("circle")

    with pytest.raises(NotFoundError):
        nodes.load_image(ctx, name)
    with pytest.raises(NotFoundError):
        nodes.load_image(ctx, str(tmp_path / "secret.png"))


def test_the_fingerprint_follows_the_content(nodes, ctx, tmp_path):
    fingerprint = nodes.load_image.blockloom_node.fingerprint
    path: Path = tmp_path / "input" / "a.png"
    PIL.Image.new("RGB", (1, 1), "red").save(path)
    before = fingerprint(ctx=ctx, image="a.png")
    path.touch()
    touched = fingerprint(ctx=ctx, image="a.png")
    PIL.Image.new("RGB", (1, 1), "blue").save(path)

    assert before == touched != fingerprint(ctx=ctx, image="a.png")
    assert nodes.load_image_mask.blockloom_node.fingerprint(
        ctx=ctx, image="a.png", channel="red"
    ) == fingerprint(ctx=ctx, image="a.png")


def test_empty_image(nodes):
    image = nodes.empty_image(3, 2, color=0x102030)
    assert (image.mode, image.size, image.getpixel((2, 1))) == ("RGB", (3, 2), (16, 32, 48))
    assert [picture.size for picture in nodes.empty_image(3, 2, batch_size=2)] == [(3, 2), (3, 2)]


def test_pictures_out_of_a_batch(nodes):
    batch = [PIL.Image.new("L", (1, 1), level) for level in (1, 2, 3)]

    assert nodes.image_from_batch(batch, 1).getpixel((0, 0)) == 2
    assert nodes.image_from_batch(batch, 1, 9) == batch[1:]
    with pytest.raises(UsageError, match="there is no number 3"):
        nodes.image_from_batch(batch, 3)
