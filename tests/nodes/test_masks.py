from __future__ import annotations

import numpy
import PIL.Image
import pytest

from blockloom.errors import UsageError


@pytest.fixture
def nodes(node_file):
    return node_file("masks")


def rgb(*colors):
    picture = PIL.Image.new("RGB", (len(colors), 1))
    for x, color in enumerate(colors):
        picture.putpixel((x, 0), color)
    return picture


def levels(mask):
    assert mask.mode == "L"
    return numpy.asarray(mask).tolist()


def test_mask_from_exactly_one_colour(nodes):
    picture = rgb((255, 0, 0), (254, 0, 0), (255, 1, 0), (255, 0, 0))
    assert levels(nodes.color_to_mask(picture, 0xFF0000)) == [[255, 0, 0, 255]]
    assert levels(nodes.color_to_mask(picture.convert("RGBA"), 0xFE0000)) == [[0, 255, 0, 0]]


def test_mask_from_a_channel(nodes):
    picture = PIL.Image.new("RGBA", (1, 1), (1, 2, 3, 4))
    found = [levels(nodes.image_to_mask(picture, name))[0][0] for name in ("red", "green", "blue")]
    assert (found, levels(nodes.image_to_mask(picture, "alpha"))) == ([1, 2, 3], [[4]])
    with pytest.raises(UsageError, match="no transparency"):
        nodes.image_to_mask(rgb((1, 2, 3)), "alpha")


def test_masks_and_pictures_of_masks(nodes):
    mask = nodes.solid_mask(0.2, 2, 1)
    assert levels(mask) == [[51, 51]]
    assert levels(nodes.invert_mask(mask)) == [[204, 204]]
    assert numpy.asarray(nodes.mask_to_image(mask)).tolist() == [[[51] * 3, [51] * 3]]
    assert [levels(one) for one in nodes.invert_mask([mask, mask])] == [[[204, 204]]] * 2
