"""Which leaf blocks of a composite run, and what they read and write, from node types alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from blockloom.graph.node_types import (
    ComponentNeed,
    InputSocket,
    Kind,
    NodeType,
    NodeTypes,
    OutputSocket,
    SubBlock,
)
from blockloom.graph.sockets import SocketType

Presence: TypeAlias = "bool | None"
"""Whether the state has a value (that is not None) under a name; None where nobody can say yet."""

PresenceOf: TypeAlias = Callable[[str], Presence]
"""Answers for a name; ``{"prompt", "image"}.__contains__`` is one."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one node really does, given which names are present.

    ``inputs`` are read before they are written inside, in reading order and without the main wire,
    bundles and the triggers of conditionals included; ``by_presence`` names those of which only
    the presence matters. ``is_required`` and ``default`` are those of the leaf that reads first.
    ``surely_written`` are the names of the outputs that are written in any case. ``choices`` holds
    (path of the conditional, chosen branch or None for skipped), ``leaves`` (path, type id), paths
    with branch names in them; the path of the node itself is "". Where ``is_certain`` is false,
    ``undecided`` lists the conditionals nobody can decide beforehand (or types nobody knows), and
    everything else is the union over the branches that are possible.
    """

    inputs: tuple[InputSocket, ...] = ()
    outputs: tuple[OutputSocket, ...] = ()
    components: tuple[ComponentNeed, ...] = ()
    choices: tuple[tuple[str, str | None], ...] = ()
    leaves: tuple[tuple[str, str], ...] = ()
    by_presence: frozenset[str] = frozenset()
    surely_written: frozenset[str] = frozenset()
    undecided: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether every conditional inside could be decided."""
        return not self.undecided


_CacheKey: TypeAlias = "tuple[str, frozenset[str], frozenset[str]]"


@dataclass(slots=True)
class BranchResolver:
    """Resolves node types against one catalogue, remembering the answers."""

    types: NodeTypes
    _answers: dict[_CacheKey, Resolved] = field(default_factory=dict)
    _triggers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def resolve(self, node_type: NodeType, presence: PresenceOf) -> Resolved:
        """What a node of that type does where ``presence`` tells which names the state has."""
        present, unknown = set(), set()
        for name in self.triggers_of(node_type):
            answer = presence(name)
            if answer is None:
                unknown.add(name)
            elif answer:
                present.add(name)
        key = (node_type.id, frozenset(present), frozenset(unknown))
        if key not in self._answers:
            context = _Context(self.types, key[1], key[2])
            self._answers[key] = _visit(node_type, "", context, {}).frozen()
        return self._answers[key]

    def triggers_of(self, node_type: NodeType) -> tuple[str, ...]:
        """The state names that the conditionals inside a type look at."""
        if node_type.id not in self._triggers:
            names: dict[str, None] = {}
            if node_type.kind is Kind.CONDITIONAL:
                names.update(dict.fromkeys(_looked_at(node_type)))
            if not _is_unit(node_type):
                for sub in node_type.sub_blocks:
                    inner = self.types.get(sub.type_id)
                    if inner is not None:
                        names.update(dict.fromkeys(self.triggers_of(inner)))
            self._triggers[node_type.id] = tuple(names)
        return self._triggers[node_type.id]


def _is_unit(node_type: NodeType) -> bool:
    """Whether the block runs as one thing: leaves, loops, and composites with their own logic."""
    return node_type.kind not in (Kind.SEQUENTIAL, Kind.CONDITIONAL) or not node_type.sub_blocks


def _looked_at(conditional: NodeType) -> Iterator[str]:
    yield from conditional.triggers
    yield from (sub.trigger for sub in conditional.sub_blocks if sub.trigger)


@dataclass(frozen=True, slots=True)
class _Context:
    types: NodeTypes
    present: frozenset[str]
    unknown: frozenset[str]

    def presence(self, name: str, inside: _Inside) -> Presence:
        if inside.get(name) or name in self.present:
            return True
        return None if name in inside or name in self.unknown else False


_Inside: TypeAlias = "dict[str, bool]"
"""Names given a value by the blocks before, inside the same node, and whether that is sure."""


@dataclass(slots=True)
class _Effect:
    """What a part of a composite does, while it is put together."""

    inputs: dict[str, InputSocket] = field(default_factory=dict)
    outputs: dict[str, OutputSocket] = field(default_factory=dict)
    components: dict[str, ComponentNeed] = field(default_factory=dict)
    choices: list[tuple[str, str | None]] = field(default_factory=list)
    leaves: list[tuple[str, str]] = field(default_factory=list)
    valued: set[str] = field(default_factory=set)
    """Names of which the value is read, not only the presence."""
    surely: set[str] = field(default_factory=set)
    undecided: list[str] = field(default_factory=list)

    def then(self, later: _Effect) -> None:
        """Add what runs after this; what it reads of this one's sure outputs is no input."""
        for name, socket in later.inputs.items():
            only_looked_at = name not in self.valued and name in later.valued
            if name not in self.surely and (name not in self.inputs or only_looked_at):
                self.inputs[name] = socket
        self.valued |= later.valued - self.surely
        self.surely |= later.surely
        self._add_rest(later)

    def or_else(self, other: _Effect) -> None:
        """Add what may run instead of this."""
        for name, socket in other.inputs.items():
            mine = self.inputs.get(name)
            self.inputs[name] = _agreed(mine or replace(socket, is_required=False), socket)
        for name in self.inputs.keys() - other.inputs.keys():
            self.inputs[name] = replace(self.inputs[name], is_required=False)
        self.valued |= other.valued
        self.surely &= other.surely
        self._add_rest(other)

    def _add_rest(self, other: _Effect) -> None:
        self.outputs.update({k: v for k, v in other.outputs.items() if k not in self.outputs})
        for name, need in other.components.items():
            self.components.setdefault(name, need)
        self.choices.extend(other.choices)
        self.leaves.extend(other.leaves)
        self.undecided.extend(other.undecided)

    def frozen(self) -> Resolved:
        return Resolved(
            inputs=tuple(self.inputs.values()),
            outputs=tuple(self.outputs.values()),
            components=tuple(self.components.values()),
            choices=tuple(self.choices),
            leaves=tuple(self.leaves),
            by_presence=frozenset(self.inputs.keys() - self.valued),
            surely_written=frozenset(self.surely),
            undecided=tuple(dict.fromkeys(self.undecided)),
        )


def _agreed(one: InputSocket, other: InputSocket) -> InputSocket:
    """One socket for two branches; where their defaults differ there is none, as in diffusers."""
    is_required = one.is_required and other.is_required
    is_same = (one.default, one.default_text) == (other.default, other.default_text)
    if is_same:
        return replace(one, is_required=is_required)
    return replace(one, is_required=is_required, default=None, default_text="")


def _visit(node_type: NodeType, path: str, context: _Context, inside: _Inside) -> _Effect:
    if _is_unit(node_type):
        return _unit(node_type, path)
    if node_type.kind is Kind.CONDITIONAL:
        return _conditional(node_type, path, context, inside)
    return _sequence(node_type.sub_blocks, path, context, inside)


def _unit(node_type: NodeType, path: str) -> _Effect:
    inputs = _values_only(node_type.inputs)
    outputs = {out.name: out for out in node_type.outputs if out.type is not SocketType.PIPELINE}
    return _Effect(
        inputs=inputs,
        outputs=outputs,
        components={need.name: need for need in node_type.components},
        leaves=[(path, node_type.id)],
        valued=set(inputs),
        surely=set(outputs),
    )


def _values_only(sockets: Iterable[InputSocket]) -> dict[str, InputSocket]:
    return {socket.name: socket for socket in sockets if socket.type is not SocketType.PIPELINE}


def _sequence(
    sub_blocks: Iterable[SubBlock], path: str, context: _Context, inside: _Inside
) -> _Effect:
    inside = dict(inside)
    whole = _Effect()
    for sub in sub_blocks:
        effect = _visit_sub(sub, path, context, inside)
        for name, socket in effect.inputs.items():
            if writes_back(socket) and name in effect.valued:
                inside[name] = True
        for name in effect.outputs:
            inside[name] = inside.get(name, False) or name in effect.surely
        whole.then(effect)
    return whole


def _visit_sub(sub: SubBlock, path: str, context: _Context, inside: _Inside) -> _Effect:
    inner_path = f"{path}.{sub.name}" if path else sub.name
    inner = context.types.get(sub.type_id)
    if inner is None:
        return _Effect(leaves=[(inner_path, sub.type_id)], undecided=[inner_path])
    return _visit(inner, inner_path, context, inside)


def writes_back(socket: InputSocket) -> bool:
    """Whether reading leaves a value in the state even if there was none: blocks keep defaults."""
    return socket.has_default and (socket.default is not None or bool(socket.default_text))


def _conditional(conditional: NodeType, path: str, context: _Context, inside: _Inside) -> _Effect:
    looked_at = _Effect(
        inputs={name: _trigger(conditional, name) for name in _looked_at(conditional)}
    )
    branches, is_decided = _possible_branches(conditional, context, inside)
    if not is_decided:
        looked_at.undecided.append(path)
        if not conditional.selects_by_presence:
            looked_at.valued.update(looked_at.inputs)
    else:
        chosen = branches[0]
        looked_at.choices.append((path, chosen.name if chosen else None))
    effects = [
        _visit_sub(branch, path, context, inside) if branch else _Effect() for branch in branches
    ]
    merged = effects[0]
    for effect in effects[1:]:
        merged.or_else(effect)
    for name, socket in merged.inputs.items():
        looked_at.inputs[name] = socket
    looked_at.then(merged)
    return looked_at


def _trigger(conditional: NodeType, name: str) -> InputSocket:
    """A trigger as an input: looked at, never required."""
    declared = conditional.input(name)
    if declared is None:
        return InputSocket(name, SocketType.ANY)
    return replace(declared, is_required=False, default=None, default_text="", has_default=False)


def _possible_branches(
    conditional: NodeType, context: _Context, inside: _Inside
) -> tuple[list[SubBlock | None], bool]:
    """The branches that may run (None: skipped), and whether that is decided."""
    by_name = {sub.name: sub for sub in conditional.sub_blocks}
    otherwise = by_name.get(conditional.default_branch)
    if not conditional.selects_by_presence:
        skipped = [] if otherwise else [None]
        return [*conditional.sub_blocks, *skipped], False
    possible: list[SubBlock | None] = []
    for sub in conditional.sub_blocks:
        if not sub.trigger:
            continue
        presence = context.presence(sub.trigger, inside)
        if presence is not False:
            possible.append(sub)
        if presence:
            return possible, len(possible) == 1
    possible.append(otherwise)
    return possible, len(possible) == 1
