"""Values as files, read back by those who own the formats."""

from __future__ import annotations

import io
import json

import numpy
import PIL.Image
import pytest
import safetensors.torch
import torch

from blockloom.bridge.value_files import value_file
from blockloom.errors import UsageError

PICTURE = PIL.Image.new("RGB", (5, 3), (10, 20, 30))


def test_a_picture_is_a_png_pixel_by_pixel():
    for value in (PICTURE, [PICTURE]):
        file = value_file(value, "png")
        assert file.content_type == "image/png"
        assert PIL.Image.open(io.BytesIO(file.data)).tobytes() == PICTURE.tobytes()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.int64])
def test_a_tensor_is_an_array_and_a_safetensors_file(dtype):
    tensor = torch.arange(6).reshape(2, 3).to(dtype).t()
    array = numpy.load(io.BytesIO(value_file(tensor, "npy").data), allow_pickle=False)
    assert numpy.array_equal(array, tensor.float().numpy())
    (loaded,) = safetensors.torch.load(value_file(tensor, "safetensors").data).values()
    assert loaded.dtype == dtype
    assert torch.equal(loaded, tensor)


def test_lists_and_dicts_of_tensors_keep_their_names():
    shared = torch.ones(2)
    listed = safetensors.torch.load(value_file([shared, shared, "x"], "safetensors").data)
    assert sorted(listed) == ["0", "1"]
    named = safetensors.torch.load(value_file({"a": shared, "b": 1}, "safetensors").data)
    assert list(named) == ["a"]


def test_json_has_no_number_that_is_none():
    tensor = torch.tensor([[1.0, float("nan")], [float("inf"), -2.0]])
    found = json.loads(value_file(tensor, "json").data)
    assert found["values"] == [[1.0, "nan"], ["inf", -2.0]]
    assert found["summary"]["shape"] == [2, 2]
    assert json.loads(value_file("text", "json").data)["values"] is None
    assert json.loads(value_file(torch.zeros(2**17), "json").data)["values"] is None


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("text", "png"),
        ("text", "npy"),
        ([1], "safetensors"),
        (torch.ones(1), "pickle"),
        (numpy.array([object()]), "npy"),
    ],
)
def test_a_form_that_a_value_cannot_take_is_refused(value, form):
    with pytest.raises(UsageError):
        value_file(value, form)
