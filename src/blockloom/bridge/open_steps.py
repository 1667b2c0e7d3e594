"""The blocks of a workflow with every composite opened, as far as it is decided which ones run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from diffusers.modular_pipelines.modular_pipeline import (
    ConditionalPipelineBlocks,
    ModularPipelineBlocks,
)

from blockloom.catalogue.pipelines import Step


@dataclass(frozen=True, slots=True)
class Place:
    """A block inside a preset: the names on the way to it, and its type id."""

    names: tuple[str, ...]
    type_id: str
    block: ModularPipelineBlocks


def open_steps(
    running: Mapping[str, ModularPipelineBlocks],
    places: Sequence[Place],
    triggers: Mapping[str, object],
) -> tuple[Step, ...]:
    """The blocks that run in a workflow, by diffusers' own path of each.

    A conditional stays closed where an input that its blocks or others read would still change
    its choice: opened, it would do the wrong thing as soon as the user gives that input.
    """
    opened = _Opened(running, places, dict(triggers))
    return tuple(dict.fromkeys(opened.steps()))


@dataclass(slots=True)
class _Opened:
    """``given`` is what is there so far: the triggers, and what earlier blocks make."""

    running: Mapping[str, ModularPipelineBlocks]
    places: Sequence[Place]
    given: dict[str, object]

    def steps(self) -> Iterator[Step]:
        for path, block in self.running.items():
            place = self._place_of(path, block)
            closed = next(filter(self._is_undecided, self._conditionals_around(place)), None)
            if closed is None:
                yield Step(path, place.type_id)
            else:
                yield Step(self._path_of(closed), closed.type_id)
            self.given.update(dict.fromkeys(block.intermediate_output_names, True))

    def _place_of(self, path: str, block: ModularPipelineBlocks) -> Place:
        """The place which holds this very object.

        A class may hold one object in several places; all of them are the same block.
        """
        found = [place for place in self.places if place.block is block]
        fitting = (place for place in found if place.names[0] == path.split(".")[0])
        return next(fitting, found[0])

    def _conditionals_around(self, inner: Place) -> list[Place]:
        """The outermost one first."""
        return [
            place
            for place in self.places
            if isinstance(place.block, ConditionalPipelineBlocks)
            and place.names == inner.names[: len(place.names)]
            and place.names != inner.names
        ]

    def _path_of(self, place: Place) -> str:
        """The names on the way to a block, without those of branches."""
        branches = {len(around.names) for around in self._conditionals_around(place)}
        return ".".join(name for index, name in enumerate(place.names) if index not in branches)

    def _is_undecided(self, place: Place) -> bool:
        chosen = self._choice(place, self.given)
        return any(
            chosen != self._choice(place, {**self.given, name: True})
            for name in self._still_open(place)
        )

    def _choice(self, place: Place, given: Mapping[str, object]) -> object:
        names = filter(None, place.block.block_trigger_inputs)
        try:
            return place.block.select_block(**{name: given.get(name) for name in names})
        except ValueError as error:  # how diffusers refuses a combination
            return str(error)

    def _still_open(self, place: Place) -> list[str]:
        """The triggers that only the user can give, and that something in the workflow reads."""
        read = {name for block in self.running.values() for name in block.input_names}
        elsewhere = {
            name
            for other in self.places
            if other.names[: len(place.names)] != place.names and not other.block.sub_blocks
            for name in other.block.intermediate_output_names
        }
        return [
            name
            for name in place.block.block_trigger_inputs
            if name in read and name not in self.given and name not in elsewhere
        ]
