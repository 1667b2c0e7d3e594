"""How a conditional with logic of its own decides: it is asked about every combination of its
triggers, with values of many kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from diffusers.modular_pipelines.modular_pipeline import ConditionalPipelineBlocks

from blockloom.graph.node_types import Selection

MAX_TRIGGERS = 8

_TRUE: tuple[object, ...] = (True, 1, 2, 0.5, "x", ["x"], {"x": 1})
_FALSE: tuple[object, ...] = (False, 0, "", [])


@dataclass(frozen=True, slots=True)
class Decisions:
    """What ``NodeType`` has under the same names."""

    selections: tuple[Selection, ...] = ()
    by_truth: tuple[str, ...] = ()
    by_value: tuple[str, ...] = ()


def decisions_of(block: ConditionalPipelineBlocks) -> Decisions:
    """What a conditional does for every combination of triggers that decides by itself.

    Combinations where the answer depends on the values are left out, and so is everything of a
    block with too many triggers to ask about.
    """
    asked = _Asked(block, tuple(dict.fromkeys(name for name in block.block_trigger_inputs if name)))
    if len(asked.triggers) > MAX_TRIGGERS:
        return Decisions()
    by_presence = {name for name in asked.triggers if asked.is_by_presence(name)}
    others = [name for name in asked.triggers if name not in by_presence]
    by_truth = tuple(name for name in others if asked.is_by_truth(name))
    selections = (asked.selection(present, by_truth) for present in _subsets(asked.triggers))
    return Decisions(
        selections=tuple(selection for selection in selections if selection is not None),
        by_truth=by_truth,
        by_value=tuple(name for name in others if name not in by_truth),
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    branch: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A conditional, asked for its choices; None is the answer where it has none to give."""

    block: ConditionalPipelineBlocks
    triggers: tuple[str, ...]

    def answer(self, given: dict[str, object]) -> _Answer | None:
        values = {name: given.get(name) for name in self.triggers}
        try:
            chosen = self.block.select_block(**values)
        except ValueError as error:
            return _Answer(error=str(error).strip()) if str(error).strip() else None
        except Exception:  # it cannot handle this value, whatever it says then
            return None
        if chosen is None:
            return _Answer(self.block.default_block_name or "")
        is_branch = isinstance(chosen, str) and chosen in self.block.sub_blocks
        return _Answer(chosen) if is_branch else None

    def is_by_presence(self, name: str) -> bool:
        """Whether all values of a trigger count the same."""
        return all(
            len(self._answers(name, (*_TRUE, *_FALSE), beside)) == 1
            for beside in _subsets(other for other in self.triggers if other != name)
        )

    def is_by_truth(self, name: str) -> bool:
        """Whether all true values of a trigger count the same, and all others as none."""
        return all(
            len(self._answers(name, _TRUE, beside)) == 1
            and len(self._answers(name, (*_FALSE, None), beside)) == 1
            for beside in _subsets(other for other in self.triggers if other != name)
        )

    def selection(self, present: tuple[str, ...], by_truth: tuple[str, ...]) -> Selection | None:
        """What it does where exactly these triggers are given, if that is all it depends on."""
        found = {self.answer(dict.fromkeys(present, True))}
        for name in present:
            values = _TRUE if name in by_truth else (*_TRUE, *_FALSE)
            found |= self._answers(name, values, present)
        found |= {self.answer(dict.fromkeys(present, value)) for value in _TRUE}
        only = found.pop() if len(found) == 1 else None
        return None if only is None else Selection(present, only.branch, only.error)

    def _answers(
        self, name: str, values: Iterable[object], beside: Iterable[str]
    ) -> set[_Answer | None]:
        given = dict.fromkeys(beside, True)
        return {self.answer({**given, name: value}) for value in values}


def _subsets(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    names = tuple(names)
    for count in range(len(names) + 1):
        yield from combinations(names, count)
