"""Values as files, read back by those who own the formats."""

from __future__ import annotations

import io
import json
from fractions import Fraction

import numpy
import PIL.Image
import pytest
import safetensors.torch
import torch

from blockloom.bridge.value_files import value_file
from blockloom.errors import UsageError
from blockloom.film_files import open_film
from blockloom.films import Film, Sound
from blockloom.sound_files import open_sound

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
        ("text", "mp4"),
        (None, "webm"),
        ([], "mp4"),
        ("text", "wav"),
        ([1], "safetensors"),
        (torch.ones(1), "pickle"),
        (numpy.array([object()]), "npy"),
    ],
)
def test_a_form_that_a_value_cannot_take_is_refused(value, form):
    with pytest.raises(UsageError):
        value_file(value, form)


def read_film(file, tmp_path):
    path = tmp_path / "film"
    path.write_bytes(file.data)
    return open_film(path)


@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_films_are_films(form, tmp_path):
    frames = [PIL.Image.new("RGB", (32, 16), (10 * n, 100, 50)) for n in range(6)]
    pages = numpy.stack([numpy.asarray(one) for one in frames])
    sound = Sound(torch.zeros(1, 48000), 48000)
    for value, rate, expected in (
        (Film(tuple(frames), Fraction(12), sound), 0, 12),
        (Film(tuple(frames), Fraction(12)), 30, 12),
        (frames, 0, 24),
        ([frames, frames], 16, 16),
        (torch.from_numpy(pages / 255).permute(0, 3, 1, 2)[None], 8, 8),
    ):
        file = value_file(value, form, rate)
        read = read_film(file, tmp_path)
        assert file.content_type == f"video/{form}"
        assert (len(read.frames), read.size, read.rate) == (6, (32, 16), expected)
        assert (read.sound is not None) == (rate == 0 and expected == 12)
        assert numpy.abs(numpy.float32(read.frames[5]) - pages[5]).mean() < 4


def test_a_film_of_any_size_can_be_looked_at(tmp_path):
    file = value_file([PIL.Image.new("RGB", (33, 17))] * 2, "webm")
    assert read_film(file, tmp_path).size == (33, 17)
    with pytest.raises(UsageError, match="have to be even"):
        value_file([PIL.Image.new("RGB", (33, 17))] * 2, "mp4")


def test_a_sound_is_a_wave_sample_by_sample(tmp_path):
    sound = Sound(torch.rand(2, 9000) * 2 - 1, 16000)
    path = tmp_path / "sound"
    for value, rate in ((sound, 0), (sound.waveform[None], 16000), (sound.waveform.numpy(), 16000)):
        file = value_file(value, "wav", rate)
        path.write_bytes(file.data)
        assert file.content_type == "audio/wav"
        assert open_sound(path).rate == 16000
        assert torch.equal(open_sound(path).waveform, sound.waveform)
    with pytest.raises(UsageError, match="how many samples a second"):
        value_file(sound.waveform, "wav")


def test_films_and_sounds_are_arrays_too():
    film = Film((PICTURE, PICTURE))
    assert numpy.load(io.BytesIO(value_file(film, "npy").data)).shape == (2, 3, 5, 3)
    sound = Sound(torch.rand(2, 9), 8000)
    saved = safetensors.torch.load(value_file(sound, "safetensors").data)
    assert torch.equal(saved["waveform"], sound.waveform)
    assert PIL.Image.open(io.BytesIO(value_file(film, "png").data)).tobytes() == PICTURE.tobytes()
