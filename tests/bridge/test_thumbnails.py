"""Thumbnails: every kind of value that can be drawn, and none for the others."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy
import PIL.Image
import PIL.ImageDraw
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from blockloom.bridge.latent_colours import LatentColours
from blockloom.bridge.thumbnails import channel_tiles, thumbnail
from blockloom.bridge.tiles import SIGNAL_COLOUR, contact_sheet, spread
from blockloom.films import Film, Sound


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def ramp(*shape: int, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
    """Rising from left to right."""
    return torch.linspace(low, high, shape[-1]).expand(shape).clone()


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> PIL.Image.Image:
    made = PIL.Image.new("RGB", size, (250, 10, 10))
    PIL.ImageDraw.Draw(made).rectangle((0, 0, 9, 9), fill=(10, 10, 250))
    return made.convert(mode)


def drawn(data: Any, side: int = 256) -> PIL.Image.Image:
    found = thumbnail(data, side)
    assert found is not None
    assert max(found.size) <= side
    again = thumbnail(data, side)
    assert again is not None
    assert found.tobytes() == again.tobytes()
    return found


def colours_in(made: PIL.Image.Image) -> int:
    return len(made.convert("RGB").getcolors(2**24) or [])


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P", "CMYK", "F"])
def test_pictures_are_made_smaller(mode: str) -> None:
    made = drawn(picture(mode), 20)
    assert made.size == (20, 10)
    assert colours_in(made) >= 2


def test_lists_of_pictures_become_a_sheet() -> None:
    red, blue = PIL.Image.new("RGB", (50, 50), "red"), PIL.Image.new("RGB", (50, 50), "blue")
    assert drawn([red]).size == (50, 50)
    sheet = drawn([red, blue, red])
    assert sheet.size == (102, 102)
    assert [sheet.getpixel(at) for at in [(9, 9), (90, 9), (9, 90), (90, 90)]] == [
        (255, 0, 0),
        (0, 0, 255),
        (255, 0, 0),
        (32, 32, 32),
    ]
    video = drawn([[red] * 20 + [blue] * 20, [blue]])
    assert video.getpixel((3, 3)) == (255, 0, 0)
    assert video.getpixel((video.width - 3, video.height - 3)) == (0, 0, 255)


@pytest.mark.parametrize("as_array", [False, True], ids=["tensor", "array"])
@pytest.mark.parametrize(
    ("low", "high", "dtype"),
    [
        (0.0, 1.0, "float32"),
        (-1.0, 1.0, "float16"),
        (0.0, 255.0, "float32"),
        (0.0, 255.0, "uint8"),
        (0.0, 255.0, "int64"),
    ],
)
def test_ranges_of_pictures_are_recognised(
    low: float, high: float, dtype: str, as_array: bool
) -> None:
    tensor = ramp(3, 16, 32, low=low, high=high).to(getattr(torch, dtype))
    tensor[1:] = low
    data: Any = tensor.permute(1, 2, 0).numpy() if as_array else tensor
    made = drawn(data, 32)
    assert made.size == (32, 16)
    middle = made.getpixel((16, 8))
    assert isinstance(middle, tuple)
    assert 120 <= middle[0] <= 136
    assert middle[1:] == (0, 0)
    assert [made.getpixel((0, 0)), made.getpixel((31, 15))] == [(0, 0, 0), (255, 0, 0)]


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (ramp(2, 3, 32, 32), (256, 127)),
        (ramp(2, 32, 32, 3), None),
        (ramp(1, 3, 9, 32, 32), (256, 256)),
        (ramp(1, 9, 3, 32, 32), (256, 256)),
        (ramp(1, 3, 32, 64).numpy(), None),
        (ramp(5, 1, 32, 32) > 0.5, None),
        (ramp(64, 64) > 0.5, (256, 256)),
        (ramp(64, 64), (256, 256)),
        (noise(1, 77, 512), (256, 77)),
        (noise(2, 77, 96), None),
        (noise(77, 2048), (256, 77)),
        (noise(1000, 10), (10, 256)),
        (noise(1000), (256, 32)),
        (noise(10), (250, 32)),
        (noise(4, 16, 16), None),
        (noise(1, 4, 16, 16), (256, 256)),
        (noise(1, 16, 128, 64), (128, 256)),
        (noise(3, 4, 16, 16), None),
        (noise(1, 16, 3, 16, 16), None),
        (noise(1, 128, 1, 8, 16), (256, 128)),
        (noise(1, 1, 2, 4, 16, 16), None),
        (noise(1, 2, 16, 16), None),
        (noise(1, 3, 600, 300) * 5, (128, 256)),
        (torch.arange(4096).reshape(1, 4, 32, 32), None),
        (noise(8, 8).to(torch.complex64), (256, 256)),
        (noise(8, 8).to(torch.bfloat16), (256, 256)),
        (noise(8, 8).to_sparse(), (256, 256)),
        (noise(8, 8).numpy()[::-1], (256, 256)),
        ([noise(8, 8), noise(8, 8)], None),
    ],
)  # fmt: skip
def test_tensors_of_all_shapes(data: Any, size: tuple[int, int] | None) -> None:
    made = drawn(data)
    assert colours_in(made) > 1
    if size is not None:
        assert made.size == size


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        "text",
        [],
        [None, 3],
        {"x": picture()},
        torch.tensor(3.0),
        torch.zeros(0, 3),
        torch.zeros(4, 4, device="meta"),
        numpy.array([["a"]]),
        numpy.zeros((0,)),
        PIL.Image.new("RGB", (0, 5)),
        torch.Generator(),
    ],
)
def test_what_cannot_be_drawn(data: Any) -> None:
    assert thumbnail(data) is None


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
@pytest.mark.parametrize("shape", [(8, 8), (3, 8, 8), (1, 3, 8, 8), (1, 4, 8, 8), (1, 16, 2, 8, 8)])
def test_what_is_not_finite_is_marked(shape: tuple[int, ...], value: float) -> None:
    tensor = noise(*shape).tanh() if shape[-3:-2] == (3,) else noise(*shape)
    assert SIGNAL_COLOUR not in {c for _, c in drawn(tensor).getcolors(2**20) or []}
    tensor[..., 2, 3] = value
    made = drawn(tensor, 8) if len(shape) < 5 else drawn(tensor[:, :, :1], 8)
    assert made.getpixel((3, 2)) == SIGNAL_COLOUR
    assert made.getpixel((2, 2)) != SIGNAL_COLOUR
    assert drawn(torch.full(shape, value)).getpixel((0, 0)) == SIGNAL_COLOUR


def test_a_single_nan_is_seen_in_a_large_picture() -> None:
    tensor = torch.zeros(1, 3, 1000, 1000)
    tensor[0, 1, 500, 700] = torch.nan
    assert drawn(tensor, 100).getpixel((70, 50)) == SIGNAL_COLOUR


def test_latents_are_drawn_as_told() -> None:
    seen = []

    def draw(latents: torch.Tensor) -> PIL.Image.Image | None:
        seen.append(tuple(latents.shape))
        return LatentColours().preview(latents)

    made = thumbnail(noise(2, 16, 8, 8), 256, draw)
    assert made is not None
    assert seen == [(1, 16, 8, 8)] * 2
    assert made.size == (256, 127)


def test_channels_by_themselves_in_grey() -> None:
    made = channel_tiles(noise(1, 16, 16, 16))
    assert made is not None
    assert max(made.size) <= 256
    found = {color for _, color in made.getcolors(2**20) or []}
    assert len(found) > 100
    assert all(red == green == blue for red, green, blue in found)
    assert channel_tiles(noise(3, 3)) is None


def test_sheets_and_places() -> None:
    assert spread(3) == [0, 1, 2]
    assert spread(100, 4) == [0, 33, 66, 99]
    tile = PIL.Image.new("RGB", (1000, 10), "red")
    assert contact_sheet([tile] * 16, 100).width <= 100


NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 300.0, torch.nan, torch.inf, 1e38, -1e300])


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from([1, 2, 3, 4, 5, 9, 70]), min_size=1, max_size=6),
    st.lists(NUMBERS, min_size=1, max_size=3),
    st.sampled_from([torch.float64, torch.float32, torch.bfloat16]),
    st.booleans(),
)
def test_every_tensor_can_be_drawn(
    shape: list[int], numbers: list[float], dtype: torch.dtype, as_array: bool
) -> None:
    shape = shape if numpy.prod(shape) < 100_000 else shape[:2]
    flat = torch.tensor(numbers, dtype=torch.float64).repeat(100_000)[: int(numpy.prod(shape))]
    tensor = flat.reshape(shape).to(dtype)
    drawn(tensor.double().numpy() if as_array else tensor, 64)


def test_a_film_shows_a_frame_of_its_middle() -> None:
    frames = tuple(PIL.Image.new("RGB", (64, 32), (level, 0, 0)) for level in range(5))
    made = drawn(Film(frames, Fraction(24)), 32)
    assert (made.size, made.getpixel((0, 0))) == ((32, 16), (2, 0, 0))


def test_a_sound_is_drawn_as_its_waveform() -> None:
    loud = torch.zeros(2, 9000)
    loud[0, 3000:6000] = torch.sin(torch.arange(3000.0))
    made = numpy.asarray(drawn(Sound(loud, 9000), 90))
    assert made.shape == (44, 90, 3)
    filled = (made == (46, 160, 112)).all(axis=-1).sum(axis=0)
    assert filled[45] > 20
    assert (filled[10], filled[80]) == (2, 2)
    assert numpy.array_equal(made, numpy.asarray(drawn(loud[None], 90)))
    loud[1, 0] = torch.nan
    assert numpy.asarray(drawn(Sound(loud, 9000), 90))[30, 0].tolist() == [*SIGNAL_COLOUR]
    assert thumbnail(Sound(torch.zeros(2, 0), 9000)) is None
    assert drawn({"waveform": loud[None], "sample_rate": 9000}).size == (256, 128)
