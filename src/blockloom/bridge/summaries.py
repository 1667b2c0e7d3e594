"""What a value is, in a few words and as JSON, whatever it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import PurePath
from typing import Any, Literal, TypeAlias

import numpy
import PIL.Image
import torch
from diffusers import ConfigMixin
from diffusers.guiders.guider_utils import BaseGuidance
from diffusers.schedulers.scheduling_utils import SchedulerMixin

from blockloom.bridge.data import Parked, size_of
from blockloom.bridge.frames import film_facts, sound_facts
from blockloom.bridge.wording import MAX_TEXT, clean, counted, cut, type_name
from blockloom.films import Film, Sound
from blockloom.graph.model import Json

Kind: TypeAlias = Literal[
    "none",
    "boolean",
    "number",
    "text",
    "tensor",
    "array",
    "image",
    "images",
    "video",
    "audio",
    "list",
    "dict",
    "generator",
    "dtype",
    "device",
    "scheduler",
    "guider",
    "model",
    "object",
]

MAX_ITEMS = 16
MAX_DEPTH = 3
MAX_PARTS = 200
"""Values described inside one value, over all depths."""
MAX_COUNTED = 10_000
"""Objects looked at to tell the size of a value; a larger one weighs at least what is said."""
_SMALL = 8
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Summary:
    """A value for people and programs; everything in it is JSON.

    ``value`` is set for numbers, booleans and texts (cut where they are long). ``items`` are the
    values inside, by name or place; ``left_out`` counts those that are not told, or, of a text,
    the characters. ``size`` is in bytes.
    """

    kind: Kind
    type_name: str
    text: str
    size: int = 0
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    device: str = ""
    value: bool | int | float | str | None = None
    details: Mapping[str, Json] = field(default_factory=dict)
    items: tuple[tuple[str, Summary], ...] = ()
    left_out: int = 0

    def to_json(self) -> dict[str, Json]:
        """As JSON, without what is empty."""
        found: dict[str, Json] = {
            "kind": self.kind,
            "type": self.type_name,
            "text": self.text,
            "size": self.size,
        }
        if self.shape is not None:
            found["shape"] = [*self.shape]
        if self.value is not None:
            found["value"] = self.value
        more: dict[str, Json] = {"dtype": self.dtype, "device": self.device}
        more["details"] = dict(self.details)
        more["items"] = [{"name": name, **item.to_json()} for name, item in self.items]
        more["left_out"] = self.left_out
        return found | {name: given for name, given in more.items() if given}


def summarise(data: Any) -> Summary:
    """Say what a value is. Never fails, and never reads more than a handful of tensor values (and
    these only in main memory), so that nothing waits for a device."""
    return replace(_Reader().read(data, 0), size=_size(data))


class _Reader:
    """Describes one value and what is inside, keeping count."""

    def __init__(self) -> None:
        self._parts = 0
        self._around: set[int] = set()

    def read(self, data: Any, depth: int) -> Summary:
        self._parts += 1
        if id(data) in self._around:
            return Summary("object", type_name(data), "this very value again")
        self._around.add(id(data))
        try:
            return self._read(data, depth)
        except Exception:
            # Values come from anywhere, and any question to one may raise. There is an answer.
            return Summary("object", type_name(data), type_name(data))
        finally:
            self._around.discard(id(data))

    def _read(self, data: Any, depth: int) -> Summary:
        plain = _plain(data)
        if plain is not None:
            return plain
        if isinstance(data, Film):
            return self._film(data, depth)
        if isinstance(data, Mapping):
            return self._mapping(data, depth)
        if isinstance(data, (list, tuple, Set)):
            return self._sequence(data, depth)
        return self._object(data, depth)

    def _film(self, data: Film, depth: int) -> Summary:
        facts = film_facts(data)
        items = self._inside([("sound", data.sound)] if data.sound else [], depth)
        text = facts.text if facts else ""
        if items:
            text += f", with {items[0][1].text}"
        width, height = data.size
        shape = (len(data.frames), height, width, len(data.frames[0].getbands()))
        details: dict[str, Json] = {"film": facts.to_json() if facts else None}
        return Summary("video", type_name(data), text, shape=shape, details=details, items=items)

    def _mapping(self, data: Mapping[Any, Any], depth: int) -> Summary:
        names = [name for name, _ in zip(data, range(MAX_ITEMS + 1), strict=False)]
        items = self._inside([(shown_name(name), data[name]) for name in names[:MAX_ITEMS]], depth)
        shown = ", ".join(shown_name(name) for name in names[:MAX_ITEMS])
        text = f"{counted(len(data), 'value')}: {shown}" if names else "no values"
        found = Summary("dict", type_name(data), cut(text), items=items)
        if isinstance(data.get("waveform"), torch.Tensor) and "sample_rate" in data:
            rate = data["sample_rate"]
            seconds = data["waveform"].shape[-1] / rate
            text = f"sound, {seconds:.2f} s at {rate:g} Hz"
            found = replace(found, kind="audio", text=text, details={"sound": sound_facts(data)})
        return replace(found, left_out=len(data) - len(items))

    def _sequence(self, data: Sequence[Any] | Set[Any], depth: int) -> Summary:
        first = [item for item, _ in zip(data, range(MAX_ITEMS), strict=False)]
        items = self._inside([(str(place), item) for place, item in enumerate(first)], depth)
        left_out = len(data) - len(items)
        if pictures := _pictures_in(data):
            width, height = pictures[0].size
            shape = f"{pictures[0].mode} {width} x {height}"
            if any(picture.size != (width, height) for picture in pictures):
                shape += " and other sizes"
            text = f"{counted(len(pictures), 'picture')}, {shape}"
            details: dict[str, Json] = {}
            if facts := film_facts(data):
                text = f"{facts.text}, {pictures[0].mode}"
                details = {"film": facts.to_json()}
            found = Summary("images", type_name(data), text, items=items, left_out=left_out)
            return replace(found, details=details)
        text = ", ".join(item.text for _, item in items) or "…" * bool(first)
        if len(items) < len(data) and items:
            text += f", … and {left_out} more"
        text = f"{counted(len(data), 'item')}: {cut(text)}" if first else "empty"
        return Summary("list", type_name(data), text, items=items, left_out=left_out)

    def _object(self, data: Any, depth: int) -> Summary:
        """Of unknown objects only the attributes that are simply there: no code of theirs runs
        for it, and what they print may be as long as it likes."""
        name = type_name(data)
        if isinstance(data, (SchedulerMixin, BaseGuidance)):
            kind: Kind = "scheduler" if isinstance(data, SchedulerMixin) else "guider"
            return Summary(kind, name, name, details={"config": self._config(data)})
        if isinstance(data, torch.nn.Module):
            return _model(data)
        inside = {key: item for key, item in vars(data).items() if not key.startswith("_")}
        items = self._inside([*inside.items()][:MAX_ITEMS], depth)
        text = cut(f"{name} with {', '.join(inside)}") if inside else name
        left_out = len(inside) - len(items)
        return Summary("object", name, text, items=items, left_out=left_out)

    def _inside(self, pairs: list[tuple[str, Any]], depth: int) -> tuple[tuple[str, Summary], ...]:
        if depth >= MAX_DEPTH:
            return ()
        found = []
        for name, item in pairs:
            if self._parts >= MAX_PARTS:
                break
            found.append((clean(name), self.read(item, depth + 1)))
        return tuple(found)

    def _config(self, data: Any) -> Json:
        config = data.config if isinstance(data, ConfigMixin) else vars(data)
        names = [name for name in config if not str(name).startswith("_")]
        return {shown_name(name): self._short(config[name]) for name in names[: 4 * MAX_ITEMS]}

    def _short(self, data: Any) -> Json:
        found = self.read(data, MAX_DEPTH - 1)
        return None if found.kind == "none" else found.text if found.value is None else found.value


def _plain(data: Any) -> Summary | None:
    """Values with nothing inside."""
    if data is None:
        return Summary("none", "NoneType", "none")
    if isinstance(data, (torch.Tensor, numpy.ndarray)):
        return _tensor(data)
    if isinstance(data, Parked):
        return _tensor(data.tensor, str(data.device))
    if isinstance(data, numpy.generic):
        return _number(data.item()) or Summary("object", type_name(data), clean(str(data)))
    if isinstance(data, (bool, int, float, complex)):
        return _number(data)
    if isinstance(data, (str, bytes)):
        return _text(data)
    if isinstance(data, PIL.Image.Image):
        text = f"{data.mode} {data.width} x {data.height}"
        shape = (data.height, data.width, len(data.getbands()))
        return Summary("image", type_name(data), text, shape=shape, details={"mode": data.mode})
    if isinstance(data, Sound):
        return _sound(data)
    if isinstance(data, torch.Generator):
        return _generator(data)
    if isinstance(data, (torch.dtype, torch.device)):
        kind: Kind = "dtype" if isinstance(data, torch.dtype) else "device"
        return Summary(kind, type_name(data), str(data).removeprefix("torch."))
    if isinstance(data, (Enum, PurePath, type)):
        text = data.__qualname__ if isinstance(data, type) else str(data)
        return Summary("object", type_name(data), cut(text))
    return None


def _number(data: Any) -> Summary | None:
    name = type_name(data)
    if isinstance(data, bool):
        return Summary("boolean", name, "true" if data else "false", value=bool(data))
    if isinstance(data, int):
        number = int(data)
        if number.bit_length() > 1024:
            return Summary("number", name, f"a whole number of {number.bit_length()} bits")
        exact = number if abs(number) <= _EXACT else None
        return Summary("number", name, str(number), value=exact)
    if isinstance(data, float):
        real = float(data)
        text = "NaN" if math.isnan(real) else repr(real)
        return Summary("number", name, text, value=real if math.isfinite(real) else None)
    if isinstance(data, complex):
        return Summary("number", name, str(complex(data)))
    return _text(data) if isinstance(data, (str, bytes)) else None


def _text(data: str | bytes) -> Summary:
    if isinstance(data, bytes):
        return Summary("object", type_name(data), counted(len(data), "byte"))
    whole = str.__str__(data)
    shown = clean(whole[:MAX_TEXT])
    return Summary(
        "text", type_name(data), cut(whole), value=shown, left_out=max(0, len(whole) - MAX_TEXT)
    )


def _tensor(data: Any, waits_for: str = "") -> Summary:
    """A tensor or array; ``waits_for`` is the device of a tensor that was put aside meanwhile."""
    is_tensor = isinstance(data, torch.Tensor)
    shape = tuple(int(length) for length in data.shape)
    dtype = str(data.dtype).removeprefix("torch.")
    device = waits_for or (str(data.device) if is_tensor else "cpu")
    text = f"{dtype} {' x '.join(map(str, shape))}" if shape else f"{dtype}, a single value"
    if is_tensor and device != "cpu":
        text += f" on {device}"
    if math.prod(shape) <= _SMALL and device == "cpu" and 0 not in shape:
        values = _values(data)
        text += f": {values}" if values else ""
    kind: Kind = "tensor" if is_tensor else "array"
    found = Summary(kind, type_name(data), cut(text), shape=shape, dtype=dtype, device=device)
    return found if waits_for else _as_media(found, data)


def _as_media(found: Summary, data: Any) -> Summary:
    """With what can be said of numbers that are frames or samples."""
    if facts := film_facts(data):
        text = f"{found.text}: {facts.text}"
        return replace(found, text=cut(text), details={"film": facts.to_json()})
    if told := sound_facts(data):
        return replace(found, details={"sound": told})
    return found


def _sound(data: Sound) -> Summary:
    channels = {1: "mono", 2: "stereo"}.get(data.channels, f"{data.channels} channels")
    text = f"sound, {data.seconds:.2f} s at {data.rate} Hz, {channels}"
    shape = (data.channels, data.samples)
    details: dict[str, Json] = {"sound": sound_facts(data)}
    return Summary("audio", type_name(data), text, shape=shape, details=details)


def _values(data: Any) -> str:
    is_readable = not isinstance(data, torch.Tensor) or (
        data.layout is torch.strided and not data.is_quantized
    )
    if not is_readable or str(data.dtype) == "object":
        return ""
    flat = data.reshape(-1).tolist()
    return ", ".join(f"{item:.6g}" if isinstance(item, float) else str(item) for item in flat)


def _generator(data: torch.Generator) -> Summary:
    seed, device = data.initial_seed(), str(data.device)
    fresh = torch.Generator(data.device).manual_seed(seed)
    has_moved = not torch.equal(fresh.get_state(), data.get_state())
    text = f"seed {seed}" + (", already drawn from" if has_moved else "")
    details: dict[str, Json] = {"seed": str(seed), "has_moved": has_moved}
    return Summary("generator", type_name(data), text, device=device, details=details)


def _model(data: torch.nn.Module) -> Summary:
    first = next(data.parameters(), None)
    count = sum(parameter.numel() for parameter in data.parameters())
    name = type_name(data)
    details: dict[str, Json] = {"parameters": count}
    if first is None:
        return Summary("model", name, name, details=details)
    dtype, device = str(first.dtype).removeprefix("torch."), str(first.device)
    text = f"{name}, {count:,} parameters, {dtype} on {device}"
    return Summary("model", name, text, dtype=dtype, device=device, details=details)


def _pictures_in(data: Any) -> list[PIL.Image.Image]:
    """The pictures in a list of pictures, or of lists of pictures (videos); else none."""
    found: list[PIL.Image.Image] = []
    for item in data:
        if isinstance(item, PIL.Image.Image):
            found.append(item)
        elif isinstance(item, (list, tuple)) and item and isinstance(item[0], PIL.Image.Image):
            found.extend(frame for frame in item if isinstance(frame, PIL.Image.Image))
        else:
            return []
    return found


# -- texts and sizes


def shown_name(key: Any) -> str:
    """The name of a key in a mapping, whatever the key is."""
    if isinstance(key, str):
        return cut(key)
    return (_plain(key) or Summary("object", "", type_name(key))).text


def _size(data: Any) -> int:
    """Bytes of the value, each object counted once, however often and deeply it is inside."""
    total, seen, waiting = 0, set[int](), [data]
    while waiting and len(seen) < MAX_COUNTED:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        try:
            if isinstance(found, (list, tuple, Set, Mapping)):
                total += size_of(())
                inside = found.values() if isinstance(found, Mapping) else found
                room = range(MAX_COUNTED - len(seen))
                waiting.extend(item for _, item in zip(room, inside, strict=False))
            else:
                total += int(size_of(found))
        except Exception:
            # As in reading: objects may refuse anything.
            total += size_of(None)
    return total
