"""What the executor asks of the room that knows blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from blockloom.execution.block_state import LoopStep
from blockloom.execution.cancel import CancelToken
from blockloom.execution.events import PreviewListener
from blockloom.execution.values import ComponentRef, ValueRef
from blockloom.execution.wire import Wire
from blockloom.graph.branches import Resolved
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, NodeType


@dataclass(frozen=True, slots=True)
class BlockCall:
    """One block to run on one wire.

    ``wire`` already carries the values typed on the node and linked into it; ``resolved`` says
    which of the block's inputs and components this call really uses. ``on_preview`` is None
    where nobody wants previews. ``steps`` fills up while the block runs, step by step of its loops,
    each one before it is told.
    """

    node_id: str
    node_type: NodeType
    resolved: Resolved
    wire: Wire
    fetch: Callable[[ValueRef], object]
    cancel: CancelToken
    on_step: Callable[[int, int], None]
    on_preview: PreviewListener | None = None
    steps: list[LoopStep] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Write:
    """A value a block put into the state, or changed there.

    ``is_same`` says that the value itself is untouched: only its bundle is new.
    """

    name: str
    data: object
    bundle: str = ""
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class BlockOutcome:
    """What a block did: nothing else may have changed.

    ``components`` are those the block changed; a ref with an empty key gets one from the node's.
    ``read_also`` names the state values it read without declaring them.
    """

    writes: tuple[Write, ...] = ()
    components: Mapping[str, ComponentRef] = field(default_factory=dict)
    read_also: tuple[str, ...] = ()
    steps: tuple[LoopStep, ...] = ()
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Described:
    """What the executor needs to know of a piece of data to keep it.

    ``content_key`` is set for small immutable data, which is then carried with its reference.
    ``warning`` says what is wrong with the value, such as that it holds NaN.
    """

    size: int
    content_key: str = ""
    warning: str = ""


class Runner(Protocol):
    """Runs blocks and knows data; implemented by the bridge, and by small fakes in tests."""

    def run_block(self, call: BlockCall) -> BlockOutcome:
        """Run a block, with no effect beyond the result. Raises NodeFailed or Cancelled."""

    def set_component(
        self, node_type: NodeType, arguments: Mapping[str, object], current: ComponentRef | None
    ) -> ComponentRef:
        """The component that a node of kind COMPONENT puts in place of ``current``."""

    def literal(self, socket: InputSocket, value: Json) -> object:
        """What a typed value is for a block: a generator for a seed, the value itself else."""

    def describe(self, data: object) -> Described:
        """Size and content of data."""

    def stamp(self, data: object) -> tuple[int, ...]:
        """Numbers that change when somebody writes into the data in place."""

    def isolated(self, data: object) -> object:
        """The data for one node, which may do with it what it likes: copied where it can change
        without its stamp showing it."""

    def is_unchanged(self, original: object, given: object) -> bool:
        """Whether a node left what :meth:`isolated` gave it as it was."""

    def park(self, data: object) -> object:
        """The data, with large device values moved to main memory."""

    def unpark(self, data: object) -> object:
        """What :meth:`park` was given, where it was."""

    def running(self, node_id: str) -> AbstractContextManager[object]:
        """A context that is entered around each node's run, function nodes included."""
