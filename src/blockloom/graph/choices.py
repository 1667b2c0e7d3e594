"""Which branch a conditional takes, as far as what is known of its triggers decides it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from blockloom.graph.node_types import NodeType, Selection, SubBlock

Presence: TypeAlias = "bool | None"
"""Whether the state has a value (that is not None) under a name; None where nobody can say yet."""

PresenceOf: TypeAlias = Callable[[str], Presence]
"""Answers for a name; ``{"prompt", "image"}.__contains__`` is one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The branches that may run (None: skipped).

    ``open`` names the triggers of which more has to be known where it is not decided. Where the
    conditional refuses its triggers, ``error`` has its words and ``refused`` the triggers.
    """

    branches: tuple[SubBlock | None, ...]
    is_decided: bool = True
    open: tuple[str, ...] = ()
    error: str = ""
    refused: tuple[str, ...] = ()


def looked_at(conditional: NodeType) -> tuple[str, ...]:
    """The names a conditional decides by."""
    own = (sub.trigger for sub in conditional.sub_blocks if sub.trigger)
    return tuple(dict.fromkeys((*conditional.triggers, *own)))


def choose(conditional: NodeType, is_on: PresenceOf) -> Choice:
    """The branches that may run; ``is_on`` answers whether a trigger counts as given."""
    if conditional.selects_by_presence:
        return _first_present(conditional, is_on)
    if conditional.selections:
        return _from_table(conditional, is_on)
    return _anything(conditional, looked_at(conditional))


def _first_present(conditional: NodeType, is_on: PresenceOf) -> Choice:
    possible: list[SubBlock | None] = []
    unknown: list[str] = []
    for sub in conditional.sub_blocks:
        answer = is_on(sub.trigger) if sub.trigger else False
        if answer is not False:
            possible.append(sub)
        if answer:
            break
        if answer is None:
            unknown.append(sub.trigger)
    else:
        possible.append(_branch(conditional, conditional.default_branch))
    return Choice(tuple(possible), len(possible) == 1, tuple(unknown))


def _from_table(conditional: NodeType, is_on: PresenceOf) -> Choice:
    table = {frozenset(selection.present): selection for selection in conditional.selections}
    answers = {name: is_on(name) for name in conditional.triggers}
    on = {name for name, answer in answers.items() if answer}
    unknown = [name for name, answer in answers.items() if answer is None]
    found: dict[str, None] = {}
    errors: list[Selection] = []
    for more in _subsets(unknown):
        selection = table.get(frozenset(on | more))
        if selection is None:
            by_value = [name for name in conditional.by_value if name in on | more]
            return _anything(conditional, dict.fromkeys((*unknown, *by_value)))
        if selection.error:
            errors.append(selection)
        else:
            found[selection.branch] = None
    branches = tuple(_branch(conditional, name) for name in found)
    if not branches:
        at_fault = _at_fault(errors[0], table)
        refused = tuple(name for name in conditional.triggers if name in at_fault)
        branches = _anything(conditional, ()).branches
        return Choice(branches, error=errors[0].error, refused=refused)
    # A combination that is refused stops the run, so what goes on takes one of the others.
    return Choice(branches, len(branches) == 1, () if len(branches) == 1 else tuple(unknown))


def _anything(conditional: NodeType, open_: Iterable[str]) -> Choice:
    skipped = () if conditional.default_branch else (None,)
    return Choice((*conditional.sub_blocks, *skipped), False, tuple(open_))


def _branch(conditional: NodeType, name: str) -> SubBlock | None:
    return next((sub for sub in conditional.sub_blocks if sub.name == name), None)


def _subsets(names: list[str]) -> Iterator[set[str]]:
    for count in range(len(names) + 1):
        yield from (set(some) for some in combinations(names, count))


def _at_fault(error: Selection, table: dict[frozenset[str], Selection]) -> frozenset[str]:
    """The triggers without which the combination would not be refused in these words."""
    fault = frozenset(error.present)
    for name in error.present:
        fewer = table.get(fault - {name})
        if fewer is not None and fewer.error == error.error:
            fault -= {name}
    return fault
