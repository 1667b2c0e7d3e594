"""Node types: what can be put on the canvas, with its sockets, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from blockloom.graph.load_block import LOAD_BLOCK, not_loaded
from blockloom.graph.model import Json
from blockloom.graph.sockets import SocketType


class Kind(str, Enum):
    """How a node type works inside."""

    LEAF = "leaf"
    SEQUENTIAL = "sequential"
    CONDITIONAL = "conditional"
    LOOP = "loop"
    LOOP_STEP = "loop_step"
    """A sub-block that only works inside a loop."""
    FUNCTION = "function"
    """A typed function from a nodes folder."""
    COMPONENT = "component"
    """Sets a scheduler or guider of the main wire, described from its class's parameters."""


class Role(str, Enum):
    """Who is expected to give an input its value."""

    USER = "user"
    INTERMEDIATE = "intermediate"
    """Some block of the same family writes that name."""


@dataclass(frozen=True, slots=True)
class Widget:
    """How an input is typed: limits for numbers, choices, and whether a text has many lines.

    ``look`` is "picture" for a text that names a picture file, "model" for one that names a model,
    "model_part" for a part of one, and "colour" for a number 0xRRGGBB.
    """

    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[Json, ...] = ()
    is_multiline: bool = False
    look: str = ""


@dataclass(frozen=True, slots=True)
class InputSocket:
    """One input. ``default`` is JSON; ``has_default`` tells a default of None from none at all.

    ``bundle`` is diffusers' ``kwargs_type``. An input that *is* a whole bundle (declared by
    diffusers with a ``kwargs_type`` and no name) has ``is_bundle``, and the bundle's name as its
    own name.
    ``is_tuple`` says that a typed list reaches the block as a tuple.
    ``default_text`` shows defaults that are no JSON, such as a dtype. ``title`` is the name on
    screen where it differs from ``name``. ``is_setting`` says that it is about the node itself: its
    value is never part of the state.
    """

    name: str
    type: SocketType
    is_required: bool = False
    default: Json = None
    has_default: bool = False
    default_text: str = ""
    description: str = ""
    bundle: str = ""
    is_bundle: bool = False
    is_tuple: bool = False
    role: Role = Role.USER
    widget: Widget = Widget()
    title: str = ""
    is_setting: bool = False


@dataclass(frozen=True, slots=True)
class OutputSocket:
    """One output; ``bundle`` is the ``kwargs_type`` it is written with."""

    name: str
    type: SocketType
    description: str = ""
    bundle: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ComponentNeed:
    """A component a block declares.

    ``is_made`` says that it is created from its own config rather than loaded from a repository.
    """

    name: str
    class_name: str = ""
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class SubBlock:
    """A block inside a composite: its name there, and the id of its node type.

    ``trigger`` belongs to conditionals that choose by presence: the state name whose presence
    selects this branch; the branch without one is taken when no trigger is present.
    """

    name: str
    type_id: str
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a conditional does where exactly the triggers in ``present`` are given.

    ``branch`` is "" where it is skipped. ``error`` is what it says where it refuses these triggers.
    """

    present: tuple[str, ...] = ()
    branch: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class LoopCall:
    """How a loop calls the blocks inside it, or how a block inside a loop wants to be called.

    ``arguments`` are given at each step, by name, beside components and block state; a block with
    ``takes_any`` accepts others, too. ``reads`` and ``writes`` are names of the block state that
    are used in the code without being declared, as far as that can be told. ``inputs``,
    ``outputs`` and ``components`` are what a loop declares itself, apart from its blocks.
    """

    arguments: tuple[str, ...] = ()
    takes_any: bool = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeType:
    """Everything the editor, the checker and the planner know of one node type.

    Output 0 of every block is ``pipeline``; the intermediate outputs follow in declared order.
    The input ``pipeline`` comes first. ``selects_by_presence`` is true for conditionals whose
    branch follows from which triggers are present (``sub_blocks`` in order of preference);
    ``triggers`` are the state names a conditional looks at. ``default_branch`` is "" where the
    block is skipped if nothing triggers. Of other conditionals ``selections`` tells the branch for
    the combinations of triggers that decide it; a trigger ``by_truth`` counts as present only where
    its value is true, and where one ``by_value`` is present, its value may decide.
    ``loop`` is there for loops and for the blocks inside them.
    ``is_output`` marks a sink, ``is_volatile`` a node that must not be kept. ``origin`` is the
    module (blocks) or the file (functions) it comes from. ``family`` is the model family of a block
    ("stable-diffusion-xl"). ``digest`` is that of the code of user files and repositories, which
    may change while everything else stays.
    """

    id: str
    title: str
    category: tuple[str, ...]
    kind: Kind
    description: str = ""
    inputs: tuple[InputSocket, ...] = ()
    outputs: tuple[OutputSocket, ...] = ()
    components: tuple[ComponentNeed, ...] = ()
    sub_blocks: tuple[SubBlock, ...] = ()
    triggers: tuple[str, ...] = ()
    selects_by_presence: bool = False
    default_branch: str = ""
    selections: tuple[Selection, ...] = ()
    by_truth: tuple[str, ...] = ()
    by_value: tuple[str, ...] = ()
    loop: LoopCall | None = None
    is_output: bool = False
    is_volatile: bool = False
    family: str = ""
    origin: str = ""
    warnings: tuple[str, ...] = ()
    digest: str = ""
    # Sockets by name, made when first asked for: checking asks once for every input of a graph.
    _inputs: dict[str, InputSocket] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _outputs: dict[str, OutputSocket] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def is_block(self) -> bool:
        """Whether a diffusers block runs behind this node type."""
        return self.kind not in (Kind.FUNCTION, Kind.COMPONENT)

    def input(self, name: str) -> InputSocket | None:
        """The input socket of that name, if there is one."""
        if not self._inputs:
            self._inputs.update({socket.name: socket for socket in reversed(self.inputs)})
        return self._inputs.get(name)

    def output(self, name: str | int) -> OutputSocket | None:
        """The output socket of that name or index, if there is one."""
        if isinstance(name, int):
            return self.outputs[name] if 0 <= name < len(self.outputs) else None
        if not self._outputs:
            self._outputs.update({socket.name: socket for socket in reversed(self.outputs)})
        return self._outputs.get(name)


class NodeTypes(Protocol):
    """What the graph room asks of a catalogue."""

    def get(self, type_id: str) -> NodeType | None:
        """The node type of that id (``Class``, ``family.Class``, ``Preset:path.to.block``)."""

    def suggest(self, type_id: str) -> list[str]:
        """Ids that somebody who wrote ``type_id`` may have meant, best first."""


@dataclass(frozen=True, slots=True)
class FixedNodeTypes:
    """Node types from a mapping; for tests and for small hosts."""

    types: Mapping[str, NodeType] = field(default_factory=dict)

    def get(self, type_id: str) -> NodeType | None:
        from blockloom.graph.chosen_blocks import type_with_blocks

        found = self.types.get(type_id) or not_loaded(self.types.get(LOAD_BLOCK), type_id)
        return found or type_with_blocks(type_id, self)

    def suggest(self, type_id: str) -> list[str]:
        import difflib

        return difflib.get_close_matches(type_id, list(self.types), n=3, cutoff=0.5)
