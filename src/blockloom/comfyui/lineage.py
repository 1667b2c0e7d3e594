"""Values on ComfyUI's wires: what they are by key, and how to make them again.

ComfyUI hands objects from node to node and keeps them for as long as it likes. Ours are references
into the store of kept values, with everything that is needed to make a value again which the store
has let go, or which somebody changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias, TypeVar

from rpds import HashTrieMap

from blockloom.errors import UsageError
from blockloom.execution.planner import NodePlan
from blockloom.execution.values import ValueRef
from blockloom.execution.wire import Wire
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket

Maker: TypeAlias = Callable[[], object]
_Known = TypeVar("_Known")


@dataclass(frozen=True, slots=True)
class Lineage:
    """How values came about: by their keys the plan of the node that wrote them, what was typed
    for them, or what makes them from an object of ComfyUI's."""

    plans: HashTrieMap[str, NodePlan] = field(default_factory=HashTrieMap)
    literals: HashTrieMap[str, tuple[InputSocket, Json]] = field(default_factory=HashTrieMap)
    given: HashTrieMap[str, Maker] = field(default_factory=HashTrieMap)

    def joined(self, other: Lineage) -> Lineage:
        """What both know."""
        if other is self:
            return self
        return Lineage(
            _joined(self.plans, other.plans),
            _joined(self.literals, other.literals),
            _joined(self.given, other.given),
        )


def joined(lineages: Iterable[Lineage]) -> Lineage:
    """What all of them know."""
    found = Lineage()
    for lineage in lineages:
        found = found.joined(lineage)
    return found


def _joined(
    one: HashTrieMap[str, _Known], other: HashTrieMap[str, _Known]
) -> HashTrieMap[str, _Known]:
    large, small = (one, other) if len(one) >= len(other) else (other, one)
    for key, value in small.items():
        if key not in large:
            large = large.insert(key, value)
    return large


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class PipelineValue:
    """The main wire on a link of ComfyUI's; immutable."""

    wire: Wire
    lineage: Lineage

    def __str__(self) -> str:
        return f"pipeline with {', '.join(sorted(self.wire.values)) or 'an empty state'}"


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """What an object on a link of ComfyUI's was made from."""

    ref: ValueRef
    lineage: Lineage


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class CarriedValue:
    """A value that ComfyUI has no form for, on its way between nodes of ours.

    Nodes of others that look into it are told ``reason``.
    """

    origin: Origin
    text: str
    reason: str = ""

    def __str__(self) -> str:
        return self.text

    def __getitem__(self, name: object) -> NoReturn:
        raise UsageError(self.reason or f"Only Blockloom's nodes can read this value: {self.text}.")


class _Form(dict[str, object]):
    """A dict of ComfyUI's that knows what it was made from, while it is as it was made."""

    def __init__(self, content: Mapping[str, object], origin: Origin) -> None:
        super().__init__(content)
        self._made = {name: (value, _version(value)) for name, value in content.items()}
        self._origin = origin

    @property
    def origin(self) -> Origin | None:
        """What it was made from; None once somebody wrote into it, or into a tensor in it."""
        is_same = self.keys() == self._made.keys() and all(
            self[name] is value and _version(value) == version
            for name, (value, version) in self._made.items()
        )
        return self._origin if is_same else None


def _version(value: object) -> int:
    """How often a tensor was written into."""
    return int(getattr(value, "_version", 0))


class Latent(_Form):
    """ComfyUI's form of a latent.

    Where it could not be made from the latents, whoever asks for ``samples`` is told ``reason``.
    """

    def __init__(self, samples: object, origin: Origin, reason: str = "") -> None:
        super().__init__({} if reason else {"samples": samples}, origin)
        self.reason = reason

    def __missing__(self, name: str) -> NoReturn:
        if name == "samples" and self.reason:
            raise UsageError(self.reason)
        raise KeyError(name)


class SoundValue(_Form):
    """ComfyUI's form of a sound."""

    def __init__(self, waveform: object, sample_rate: int, origin: Origin) -> None:
        super().__init__({"waveform": waveform, "sample_rate": sample_rate}, origin)
