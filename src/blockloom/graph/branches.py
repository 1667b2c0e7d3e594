"""Which leaf blocks of a composite run, and what they read and write, from node types alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from blockloom.graph.choices import Presence, PresenceOf, choose, looked_at
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


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A conditional at ``path`` that refuses the triggers it is given, in its own words."""

    path: str
    names: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one node really does, given which names are present.

    ``inputs`` are read before they are written inside, in reading order and without the main wire,
    bundles and the triggers of conditionals included; ``by_presence`` names those of which only
    the presence matters. ``is_required`` and ``default`` are those of the leaf that reads first.
    ``surely_written`` are the names of the outputs that are written in any case. ``choices`` holds
    (path of the conditional, chosen branch or None for skipped), ``leaves`` (path, type id), paths
    with branch names in them; the path of the node itself is "". Where ``is_certain`` is false,
    ``undecided`` lists the conditionals nobody can decide beforehand (or types nobody knows) and
    ``undecided_by`` the triggers that would decide each; everything else is the union over the
    branches that are possible.
    """

    inputs: tuple[InputSocket, ...] = ()
    outputs: tuple[OutputSocket, ...] = ()
    components: tuple[ComponentNeed, ...] = ()
    choices: tuple[tuple[str, str | None], ...] = ()
    leaves: tuple[tuple[str, str], ...] = ()
    by_presence: frozenset[str] = frozenset()
    surely_written: frozenset[str] = frozenset()
    undecided: tuple[str, ...] = ()
    undecided_by: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    needed: tuple[InputSocket, ...] = field(init=False, repr=False, compare=False)
    """Those of ``inputs`` that something has to give a value."""

    def __post_init__(self) -> None:
        needed = (socket for socket in self.inputs if _is_needed(socket))
        object.__setattr__(self, "needed", tuple(needed))

    @property
    def is_certain(self) -> bool:
        """Whether every conditional inside could be decided."""
        return not self.undecided and not self.contradictions


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of a value in the state: whether it is there, and whether it is true."""

    presence: Presence = None
    truth: Presence = None


_ABSENT = _Held(False, False)
_CacheKey: TypeAlias = "tuple[str, frozenset[tuple[str, _Held]]]"


@dataclass(slots=True)
class BranchResolver:
    """Resolves node types against one catalogue, remembering the answers."""

    types: NodeTypes
    _answers: dict[_CacheKey, Resolved] = field(default_factory=dict)
    _looks: dict[str, dict[str, bool]] = field(default_factory=dict)

    def resolve(
        self, node_type: NodeType, presence: PresenceOf, truth: PresenceOf | None = None
    ) -> Resolved:
        """What a node of that type does where ``presence`` tells which names the state has.

        ``truth`` tells which of the values are true, for the few conditionals that look at that.
        """
        given = {}
        for name, is_truth_read in self._looks_of(node_type).items():
            answer = presence(name)
            if answer is not False:
                is_true = truth(name) if truth is not None and is_truth_read else None
                given[name] = _Held(answer, is_true)
        key = (node_type.id, frozenset(given.items()))
        if key not in self._answers:
            self._answers[key] = _visit(node_type, "", _Context(self.types, given), {}).frozen()
        return self._answers[key]

    def _looks_of(self, node_type: NodeType) -> dict[str, bool]:
        """The names looked at, and whether a conditional looks at the truth of the value."""
        if node_type.id not in self._looks:
            names: dict[str, bool] = {}
            if node_type.kind is Kind.CONDITIONAL:
                names = {name: name in node_type.by_truth for name in looked_at(node_type)}
            for sub in () if _is_unit(node_type) else node_type.sub_blocks:
                inner = self.types.get(sub.type_id)
                for name, is_truth_read in self._looks_of(inner).items() if inner else ():
                    names[name] = names.get(name, False) or is_truth_read
            self._looks[node_type.id] = names
        return self._looks[node_type.id]


def _is_unit(node_type: NodeType) -> bool:
    """Whether the block runs as one thing: leaves, loops, and composites with their own logic."""
    return node_type.kind not in (Kind.SEQUENTIAL, Kind.CONDITIONAL) or not node_type.sub_blocks


@dataclass(frozen=True, slots=True)
class _Context:
    types: NodeTypes
    given: Mapping[str, _Held]

    def held(self, name: str, inside: _Inside) -> _Held:
        return inside.get(name) or self.given.get(name, _ABSENT)


_Inside: TypeAlias = "dict[str, _Held]"
"""What is known of the names that blocks before, inside the same node, may have written."""


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
    undecided: dict[str, tuple[str, ...]] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)

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
        self.undecided.update(other.undecided)
        self.contradictions.extend(other.contradictions)

    def frozen(self) -> Resolved:
        return Resolved(
            inputs=tuple(self.inputs.values()),
            outputs=tuple(self.outputs.values()),
            components=tuple(self.components.values()),
            choices=tuple(self.choices),
            leaves=tuple(self.leaves),
            by_presence=frozenset(self.inputs.keys() - self.valued),
            surely_written=frozenset(self.surely),
            undecided=tuple(self.undecided),
            undecided_by=tuple((path, names) for path, names in self.undecided.items() if names),
            contradictions=tuple(self.contradictions),
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
    return {
        socket.name: socket
        for socket in sockets
        if socket.type is not SocketType.PIPELINE and not socket.is_setting
    }


def _sequence(
    sub_blocks: Iterable[SubBlock], path: str, context: _Context, inside: _Inside
) -> _Effect:
    inside = dict(inside)
    whole = _Effect()
    for sub in sub_blocks:
        effect = _visit_sub(sub, path, context, inside)
        for name, socket in effect.inputs.items():
            if writes_back(socket) and name in effect.valued:
                inside[name] = _with_default(context.held(name, inside), socket)
        for name in effect.outputs:
            was_there = context.held(name, inside).presence is True
            inside[name] = _Held(True if was_there or name in effect.surely else None)
        whole.then(effect)
    return whole


def _with_default(before: _Held, socket: InputSocket) -> _Held:
    """What is known of a value after a block read it and kept its default if there was none."""
    default = None if socket.default_text else bool(socket.default)
    if before.presence is True:
        return before
    return _Held(True, default if before.presence is False or default == before.truth else None)


def _visit_sub(sub: SubBlock, path: str, context: _Context, inside: _Inside) -> _Effect:
    inner_path = f"{path}.{sub.name}" if path else sub.name
    inner = context.types.get(sub.type_id)
    if inner is None:
        return _Effect(leaves=[(inner_path, sub.type_id)], undecided={inner_path: ()})
    return _visit(inner, inner_path, context, inside)


def _is_needed(socket: InputSocket) -> bool:
    return socket.is_required and not socket.is_bundle and not writes_back(socket)


def writes_back(socket: InputSocket) -> bool:
    """Whether reading leaves a value in the state even if there was none: blocks keep defaults."""
    return socket.has_default and (socket.default is not None or bool(socket.default_text))


def _conditional(conditional: NodeType, path: str, context: _Context, inside: _Inside) -> _Effect:
    def is_on(name: str) -> Presence:
        held = context.held(name, inside)
        is_off = held.presence is False
        return False if is_off else held.truth if name in conditional.by_truth else held.presence

    choice = choose(conditional, is_on)
    names = looked_at(conditional)
    looking = _Effect(
        inputs={name: _trigger(conditional, name) for name in names},
        valued=set(conditional.by_truth),
    )
    if choice.error:
        looking.contradictions.append(Contradiction(path, choice.refused, choice.error))
    elif choice.is_decided:
        chosen = choice.branches[0]
        looking.choices.append((path, chosen.name if chosen else None))
    else:
        looking.undecided[path] = choice.open
        if not conditional.selects_by_presence:
            looking.valued.update(names)
    effects = [
        _visit_sub(branch, path, context, inside) if branch else _Effect()
        for branch in choice.branches
    ]
    merged = effects[0]
    for effect in effects[1:]:
        merged.or_else(effect)
    for name, socket in merged.inputs.items():
        looking.inputs[name] = socket
    looking.then(merged)
    return looking


def _trigger(conditional: NodeType, name: str) -> InputSocket:
    """A trigger as an input: looked at, never required."""
    declared = conditional.input(name)
    if declared is None:
        return InputSocket(name, SocketType.ANY)
    return replace(declared, is_required=False, default=None, default_text="", has_default=False)
