"""Summaries: right for what is known, and total for everything."""

from __future__ import annotations

import json
import math
from collections import OrderedDict, namedtuple
from enum import Enum, IntEnum
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import numpy
import PIL.Image
import pytest
import torch
from diffusers import AutoencoderKL, ClassifierFreeGuidance, EulerDiscreteScheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from blockloom.bridge.data import Parked
from blockloom.bridge.summaries import MAX_PARTS, Summary, summarise
from blockloom.bridge.wording import MAX_TEXT
from blockloom.films import Film, Sound

RGB = PIL.Image.new("RGB", (6, 4))


class Colour(Enum):
    RED = 1


class Level(IntEnum):
    HIGH = 3


class Raises:
    """Refuses to be looked at in any way."""

    def __repr__(self) -> str:
        raise ValueError("no")

    __str__ = __len__ = __bool__ = __iter__ = __hash__ = __repr__

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __eq__(self, other: object) -> bool:
        raise RuntimeError


class BadList(list):
    def __len__(self) -> int:
        raise OverflowError

    def __iter__(self) -> Any:
        raise MemoryError


class BadDict(dict):
    def __getitem__(self, key: Any) -> Any:
        raise RuntimeError(key)


class BadInt(int):
    def __repr__(self) -> str:
        raise RuntimeError

    __str__ = __int__ = __index__ = __abs__ = __repr__


class Plain:
    def __init__(self) -> None:
        self.width = 3
        self.tensor = torch.zeros(2, 2)
        self._hidden = 1


def recursive() -> list[Any]:
    made: list[Any] = [1]
    made.append(made)
    made.append({"again": made})
    return made


def deep(depth: int) -> list[Any]:
    made: list[Any] = []
    for _ in range(depth):
        made = [made]
    return made


def parts_of(summary: Summary) -> int:
    return 1 + sum(parts_of(item) for _, item in summary.items)


Pair = namedtuple("Pair", ("left", "right"))

OBJECTS = numpy.empty((1,), dtype=object)
OBJECTS[0] = Raises()

ODD = [
    Raises(),
    Raises,
    BadList([1, 2]),
    BadDict(a=1),
    BadInt(5),
    Plain(),
    Pair(1, "x"),
    recursive(),
    deep(5000),
    10**5000,
    -(2**60),
    math.nan,
    -math.inf,
    1e400,
    complex(math.nan, 1),
    "\ud800 half",
    {"\ud800": 1, 3: 2, (1, 2): 3, None: 4},
    b"bytes",
    b"\xff" * 1000,
    {1, 2, 3},
    range(10**9),
    object(),
    lambda: None,
    (number for number in range(3)),
    Colour.RED,
    Level.HIGH,
    Ellipsis,
    NotImplemented,
    torch.zeros(2, device="meta"),
    torch.eye(3).to_sparse(),
    torch.tensor(math.nan),
    torch.tensor([], dtype=torch.complex64),
    torch.nested.nested_tensor([torch.ones(1), torch.ones(2)], layout=torch.jagged),
    numpy.array([None, "x"], dtype=object),
    OBJECTS,
    numpy.datetime64("2020-01-01"),
    numpy.float32(math.inf),
    numpy.void(b"ab"),
    torch.Size([1, 2]),
    torch.nn.Linear(2, 3),
    ModuleNotFoundError("x"),
    [RGB, None],
    {"waveform": torch.zeros(1, 2, 10), "sample_rate": 0},
    {"waveform": torch.zeros(1, 2, 10), "sample_rate": "fast"},
    OrderedDict(a=[{"b": [{"c": [{"d": 1}]}]}]),
]


def assert_total(data: Any) -> Summary:
    summary = summarise(data)
    text = json.dumps(summary.to_json(), allow_nan=False, ensure_ascii=False)
    assert len(text.encode("utf-8")) < 500_000
    assert parts_of(summary) <= MAX_PARTS + 1
    assert summary.size >= 0
    return summary


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("place", range(len(ODD)))
def test_odd_values_have_summaries(place: int) -> None:
    assert_total(ODD[place])
    assert_total([ODD[place], {"inside": (ODD[place],)}])


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(), max_size=30)
    | st.binary(max_size=10)
    | st.integers(0, len(ODD) - 1).map(lambda place: ODD[place])
    | st.lists(st.integers(0, 3), max_size=4).map(torch.zeros)
)
NESTED = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=30)
        | st.dictionaries(st.text(st.characters(), max_size=8) | st.integers(), inner, max_size=30)
        | st.tuples(inner, inner)
    ),
    max_leaves=60,
)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@settings(deadline=None, max_examples=150)
@given(NESTED)
def test_every_value_has_a_summary(data: Any) -> None:
    assert_total(data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (None, Summary("none", "NoneType", "none", 64)),
        (True, Summary("boolean", "bool", "true", 64, value=True)),
        (7, Summary("number", "int", "7", 64, value=7)),
        (2**60, Summary("number", "int", str(2**60), 64)),
        (0.5, Summary("number", "float", "0.5", 64, value=0.5)),
        (math.nan, Summary("number", "float", "NaN", 64)),
        (-math.inf, Summary("number", "float", "-inf", 64)),
        (numpy.float32(0.5), Summary("number", "float", "0.5", 64, value=0.5)),
        ("hello", Summary("text", "str", "hello", 69, value="hello")),
        (b"abc", Summary("object", "bytes", "3 bytes", 67)),
        (torch.float16, Summary("dtype", "dtype", "float16", 64)),
        (torch.device("cuda:1"), Summary("device", "device", "cuda:1", 64)),
        (Colour.RED, Summary("object", "Colour", "Colour.RED", 64)),
        (PurePosixPath("a/b"), Summary("object", "PurePosixPath", "a/b", 64)),
        ([], Summary("list", "list", "empty", 64)),
        (
            torch.zeros(1, 4, 16, 16),
            Summary(
                "tensor",
                "Tensor",
                "float32 1 x 4 x 16 x 16",
                4096,
                (1, 4, 16, 16),
                "float32",
                "cpu",
            ),
        ),
        (
            torch.tensor([1.0, math.nan], dtype=torch.bfloat16),
            Summary("tensor", "Tensor", "bfloat16 2: 1, nan", 4, (2,), "bfloat16", "cpu"),
        ),
        (
            torch.zeros(2, 3, device="meta"),
            Summary("tensor", "Tensor", "float32 2 x 3 on meta", 24, (2, 3), "float32", "meta"),
        ),
        (
            numpy.int64([[1, 2]]),
            Summary("array", "ndarray", "int64 1 x 2: 1, 2", 16, (1, 2), "int64", "cpu"),
        ),
        (RGB, Summary("image", "Image", "RGB 6 x 4", 72, (4, 6, 3), details={"mode": "RGB"})),
    ],
)
def test_plain_values(data: Any, expected: Summary) -> None:
    assert summarise(data) == expected


def test_long_texts_and_lists_say_what_is_left_out() -> None:
    text = summarise("x" * 1000)
    assert (text.text, text.value, text.left_out) == (
        "x" * MAX_TEXT + "… and 600 characters more",
        "x" * MAX_TEXT,
        600,
    )
    numbers = summarise(list(range(100)))
    assert numbers.text.startswith("100 items: 0, 1, 2")
    assert numbers.text.endswith("15, … and 84 more")
    assert (len(numbers.items), numbers.left_out) == (16, 84)
    names = summarise({str(place): place for place in range(100)})
    assert (names.kind, len(names.items), names.left_out) == ("dict", 16, 84)


def test_values_inside_are_named() -> None:
    found = summarise({"size": (2, 3), "deep": [[[[1]]]]})
    assert found.text == "2 values: size, deep"
    names = dict(found.items)
    assert names["size"] == Summary(
        "list",
        "tuple",
        "2 items: 2, 3",
        items=(
            ("0", Summary("number", "int", "2", value=2)),
            ("1", Summary("number", "int", "3", value=3)),
        ),
    )
    inner = names["deep"].items[0][1].items[0][1]
    assert (inner.items, inner.left_out) == ((), 1)
    plain = summarise(Plain())
    assert (plain.kind, plain.text) == ("object", "Plain with width, tensor")
    assert [(name, item.kind) for name, item in plain.items] == [
        ("width", "number"),
        ("tensor", "tensor"),
    ]


def test_pictures_videos_and_audio() -> None:
    assert (summarise([RGB, RGB]).kind, summarise([RGB, RGB]).text) == (
        "images",
        "2 pictures, RGB 6 x 4",
    )
    assert summarise([[RGB] * 5]).text == "5 frames, 6 x 4, RGB"
    assert summarise([[RGB] * 5, [RGB] * 5]).text == "2 films of 5 frames, 6 x 4, RGB"
    assert summarise([RGB, PIL.Image.new("L", (1, 1))]).text.endswith("RGB 6 x 4 and other sizes")
    assert summarise([RGB, 3]).kind == "list"
    audio = summarise({"waveform": torch.zeros(1, 2, 44100), "sample_rate": 22050})
    assert (audio.kind, audio.text) == ("audio", "sound, 2.00 s at 22050 Hz")


def test_films_say_how_long_they_are() -> None:
    sound = Sound(torch.zeros(2, 4000), 8000)
    film = summarise(Film((RGB,) * 12, Fraction(24), sound))
    assert film.text == (
        "12 frames, 6 x 4, 0.50 s at 24 frames a second, with sound, 0.50 s at 8000 Hz, stereo"
    )
    assert (film.kind, film.shape, film.size) == ("video", (12, 4, 6, 3), 12 * 72 + 64 + 32000)
    told = {"films": 1, "frames": 12, "width": 6, "height": 4, "rate": 24.0, "seconds": 0.5}
    assert film.details == {"film": {**told, "has_sound": True}}
    heard = {"channels": 2, "samples": 4000, "rate": 8000, "seconds": 0.5}
    assert [(name, item.details) for name, item in film.items] == [("sound", {"sound": heard})]


@pytest.mark.parametrize(
    "pixels",
    [
        torch.rand(2, 9, 3, 16, 8),
        torch.rand(2, 3, 9, 16, 8),
        numpy.random.default_rng(0).random((2, 9, 16, 8, 3)).astype("float32"),
        numpy.zeros((2, 9, 16, 8, 3), "uint8"),
    ],
)
def test_five_axes_of_pixels_are_films(pixels: Any) -> None:
    found = summarise(pixels)
    assert found.text.endswith(": 2 films of 9 frames, 8 x 16")
    told = {"films": 2, "frames": 9, "width": 8, "height": 16, "rate": None, "seconds": None}
    assert found.details == {"film": {**told, "has_sound": False}}


def test_latents_of_films_are_no_films() -> None:
    latents = torch.randn((1, 16, 3, 60, 104), generator=torch.Generator().manual_seed(0))
    assert summarise(latents).details == {}
    assert summarise(torch.zeros(1, 9, 3, 16, 8, device="meta")).details == {}


def test_long_rows_of_few_are_waveforms() -> None:
    told = {"channels": 2, "samples": 9000, "rate": None, "seconds": None}
    assert summarise(torch.zeros(1, 2, 9000)).details == {"sound": told}
    assert summarise(torch.zeros(1, 77, 9000)).details == {}
    assert summarise(torch.zeros(1, 4096)).details == {}


def test_generators_tell_whether_they_were_drawn_from() -> None:
    generator = torch.Generator().manual_seed(5)
    fresh = summarise(generator)
    torch.randn(1, generator=generator)
    moved = summarise(generator)
    assert (fresh.text, fresh.details) == ("seed 5", {"seed": "5", "has_moved": False})
    assert (moved.text, moved.details["has_moved"]) == ("seed 5, already drawn from", True)


def test_components_say_class_and_config() -> None:
    scheduler = summarise(EulerDiscreteScheduler(beta_end=0.5))
    assert (scheduler.kind, scheduler.text) == ("scheduler", "EulerDiscreteScheduler")
    config = scheduler.details["config"]
    assert isinstance(config, dict)
    assert (config["beta_end"], config["trained_betas"]) == (0.5, None)
    guider = summarise(ClassifierFreeGuidance(guidance_scale=2.5))
    assert guider.kind == "guider"
    assert guider.details["config"]["guidance_scale"] == 2.5
    with torch.device("meta"):
        model = summarise(AutoencoderKL(norm_num_groups=1, block_out_channels=(4,)))
    assert (model.kind, model.device) == ("model", "meta")


def test_sizes_count_every_object_once() -> None:
    tensor = torch.zeros(1000)
    assert 4000 <= summarise([tensor, {"again": tensor}]).size < 4500
    assert summarise(recursive()).size < 1000


def test_large_values_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("values were read")

    for name in ("tolist", "cpu", "item", "numpy", "isnan", "__repr__", "sum", "min"):
        monkeypatch.setattr(torch.Tensor, name, fail)
    found = summarise({"x": torch.zeros(3, 3), "y": [torch.zeros(9)]})
    assert [(name, item.kind) for name, item in found.items] == [("x", "tensor"), ("y", "list")]


def test_a_tensor_that_was_put_aside_is_told_as_if_it_were_where_it_was() -> None:
    aside = Parked(torch.zeros(2, 3), torch.device("cuda", 1))
    assert summarise(aside).to_json() == {
        "kind": "tensor",
        "type": "Tensor",
        "text": "float32 2 x 3 on cuda:1",
        "size": 24,
        "shape": [2, 3],
        "dtype": "float32",
        "device": "cuda:1",
    }
    assert summarise([aside]).items[0][1].device == "cuda:1"
