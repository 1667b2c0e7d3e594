from __future__ import annotations

import numpy
import PIL.Image
import pytest

from blockloom.errors import UsageError


@pytest.fixture
def nodes(node_file):
    return node_file("transform_images")


def row(*levels):
    return PIL.Image.fromarray(numpy.array([levels], dtype=numpy.uint8))


def levels(picture):
    return numpy.asarray(picture).tolist()


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(20, 30, (20, 30)), (20, 0, (20, 10)), (0, 5, (10, 5)), (0, 0, (8, 4)), (1, 0, (1, 1))],
)
def test_scale_to(nodes, width, height, size):
    picture = PIL.Image.new("RGB", (8, 4), "red")
    scaled = nodes.scale_image(picture, "lanczos", width, height)
    assert (scaled.size, scaled.getcolors()) == (size, [(size[0] * size[1], (255, 0, 0))])


def test_scale_cuts_around_the_centre_or_stretches(nodes):
    picture = row(1, 1, 2, 3, 4, 4)
    assert levels(nodes.scale_image(picture, "nearest-exact", 2, 1, "center")) == [[2, 3]]
    assert levels(nodes.scale_image(row(0, 9, 9, 0), "area", 2, 2, "center")) == [[9, 9], [9, 9]]
    assert levels(nodes.scale_image(row(1, 1, 9, 9), "area", 2, 1)) == [[1, 9]]


def test_scale_keeps_batches_and_refuses_giants(nodes):
    batch = [PIL.Image.new("RGB", (2, 2)), PIL.Image.new("RGBA", (4, 2))]
    scaled = nodes.scale_image(batch, "bilinear", 0, 4)
    assert [(picture.mode, picture.size) for picture in scaled] == [
        ("RGB", (4, 4)),
        ("RGBA", (8, 4)),
    ]
    with pytest.raises(UsageError, match="longest side"):
        nodes.scale_image(PIL.Image.new("L", (2000, 1)), "bilinear", 0, 16)


def test_crop_ends_at_the_border(nodes):
    picture = row(0, 1, 2, 3)
    assert levels(nodes.crop_image(picture, 2, 1, x=1)) == [[1, 2]]
    assert levels(nodes.crop_image(picture, 9, 9, x=2)) == [[2, 3]]
    assert levels(nodes.crop_image(picture, 9, 9, x=50, y=50)) == [[3]]


def test_invert_keeps_transparency(nodes):
    assert nodes.invert_image(PIL.Image.new("RGBA", (1, 1), (0, 10, 255, 99))).getpixel((0, 0)) == (
        255,
        245,
        0,
        99,
    )
    assert levels(nodes.invert_image(row(0, 200))) == [[255, 55]]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("right", [[1, 1, 255, 2]]),
        ("left", [[2, 255, 1, 1]]),
        ("down", [[1, 1], [255, 255], [2, 2], [2, 2]]),
    ],
)
def test_stitch(nodes, direction, expected):
    stitched = nodes.stitch_images(row(1, 1), direction, True, 1, "white", row(2))
    assert (stitched.mode, levels(stitched.getchannel("R"))) == ("RGB", expected)


def test_stitch_without_matching_centres_the_smaller_one(nodes):
    tall = PIL.Image.new("RGB", (1, 3), (1, 1, 1))
    stitched = nodes.stitch_images(tall, "up", False, 0, "red", row(2, 2, 2))
    assert levels(stitched.getchannel("R")) == [
        [2, 2, 2],
        [255, 1, 255],
        [255, 1, 255],
        [255, 1, 255],
    ]


def test_stitch_repeats_the_last_of_the_shorter_batch(nodes):
    stitched = nodes.stitch_images([row(1), row(2)], image2=row(9))
    assert [levels(picture.getchannel("R")) for picture in stitched] == [[[1, 9]], [[2, 9]]]
    assert levels(nodes.stitch_images(row(5))) == [[5]]


def test_arrays_and_tensors_are_pictures_too(nodes):
    import torch

    array = numpy.array([[[[0.0, 0.5, 1.0], [1.0, 0.0, 0.0]]]])
    tensor = torch.tensor(array).permute(0, 3, 1, 2).to(torch.bfloat16)
    expected = [[[255, 127, 0], [0, 255, 255]]]
    for value in (array, tensor, [array[0]], tensor[0], (array * 255).round().astype(numpy.uint8)):
        assert levels(nodes.invert_image(value)[0]) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (numpy.full((1, 4, 4, 3), numpy.nan), "no numbers"),
        (numpy.full((1, 4, 4, 3), 3.5), "not from 0 to 1"),
        (numpy.zeros((1, 5, 4, 16)), "are no picture"),
        (numpy.zeros((2, 2, 2, 2, 2)), "are no picture"),
        (numpy.zeros(3), "are no picture"),
    ],
)
def test_arrays_that_are_no_pictures_are_refused(nodes, value, message):
    with pytest.raises(UsageError, match=message):
        nodes.invert_image(value)
