"""The node author's API: a node is a typed function; signature and docstring say the rest.

    from blockloom import Image, Range, node

    @node(category="image")
    def darken(image: Image, amount: Annotated[float, Range(0, 1, step=0.05)] = 0.5) -> Image:
        \"\"\"Darken an image.\"\"\"

``PIPELINE`` sockets are annotated with :class:`Pipeline`, a parameter annotated with
:class:`Context` gets the running node's context and is no socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, TypeAlias, TypeVar, overload

from blockloom.graph.model import Json
from blockloom.graph.sockets import SocketType

if TYPE_CHECKING:
    import numpy
    import PIL.Image
    import torch

    from blockloom.films import Film, Sound

Image: TypeAlias = Annotated["PIL.Image.Image | list[PIL.Image.Image]", SocketType.IMAGE]
Mask: TypeAlias = Annotated["PIL.Image.Image | list[PIL.Image.Image]", SocketType.MASK]
Video: TypeAlias = Annotated["Film | list[PIL.Image.Image]", SocketType.VIDEO]
Audio: TypeAlias = Annotated["Sound | torch.Tensor | numpy.ndarray", SocketType.AUDIO]
Tensor: TypeAlias = Annotated["torch.Tensor", SocketType.TENSOR]
Seed: TypeAlias = Annotated[int, SocketType.SEED]
Component: TypeAlias = Annotated[object, SocketType.COMPONENT]
AnyValue: TypeAlias = Annotated[object, SocketType.ANY]


@dataclass(frozen=True, slots=True)
class Range:
    """Limits of a number, both included."""

    minimum: float
    maximum: float
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Multiline:
    """Marks a text that has many lines."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """Marks a text that names a picture in the input folder."""


@dataclass(frozen=True, slots=True)
class VideoFile:
    """Marks a text that names a film in the input folder."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """Marks a text that names a sound in the input folder."""


@dataclass(frozen=True, slots=True)
class Colour:
    """Marks a number that is a colour: 0xRRGGBB."""


@dataclass(frozen=True, slots=True)
class ModelName:
    """Marks a text that names a model: a folder, a name on the Hub, or "demo"."""


@dataclass(frozen=True, slots=True)
class ModelPart:
    """Marks a text that names a part of a model, or its folder inside the model's."""


@dataclass(frozen=True, slots=True)
class Title:
    """The name on screen of an input or output, where it differs from the parameter's."""

    text: str


class Pipeline(Protocol):
    """The main wire as a node function sees it: components and state, immutable.

    Every ``with_…`` gives a new pipeline and leaves this one as it is.
    """

    def names(self) -> tuple[str, ...]:
        """The names of all values in the state."""

    def has(self, name: str) -> bool:
        """Whether the state has a value of that name (it may be None)."""

    def get(self, name: str, default: object = None) -> object:
        """The value of that name. It is shared: never change it in place."""

    def with_value(self, name: str, value: object, bundle: str = "") -> Pipeline:
        """This pipeline with a value set; ``bundle`` is diffusers' ``kwargs_type``."""

    def without_value(self, name: str) -> Pipeline:
        """This pipeline without a value."""

    def joined(self, other: Pipeline) -> Pipeline:
        """This pipeline with the other's components and values on top, the other one winning."""

    def component_names(self) -> tuple[str, ...]:
        """The names of all components."""

    def component(self, name: str) -> object:
        """The component of that name, to be handed on; None where there is none."""

    def with_component(self, name: str, component: object) -> Pipeline:
        """This pipeline with a component replaced or added."""


class Context(Protocol):
    """What a running node function may ask of the host."""

    @property
    def node_id(self) -> str:
        """The id of the node that runs."""

    @property
    def output_folder(self) -> Path:
        """Where files of this run go."""

    @property
    def temporary_folder(self) -> Path:
        """Where files go that are only to be looked at."""

    @property
    def seed(self) -> int | None:
        """The seed this run was started with or picked, if any node reads one."""

    @property
    def graph_json(self) -> dict[str, Json]:
        """The graph that runs, as its file's content; for writing it into what is saved."""

    @property
    def picture_notes(self) -> Mapping[str, Json]:
        """What the client that runs the graph wants written into pictures, by name."""

    def progress(self, done: int, total: int) -> None:
        """Report progress; raises ``Cancelled`` once the run was cancelled."""

    def input_file(self, name: str) -> Path:
        """The file of that name inside the allowed input folders; raises ``NotFoundError``."""

    def announce(self, path: Path, kind: str = "image", is_temporary: bool = False) -> None:
        """Say that a file was written as an output of this node."""

    def show(self, value: object) -> None:
        """Show a value on the node (a text, a picture) without writing a file."""


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """What ``@node`` was told; kept on the function as ``blockloom_node``."""

    category: tuple[str, ...]
    id: str
    title: str
    is_output: bool
    is_volatile: bool
    fingerprint: Callable[..., str] | None


_Function = TypeVar("_Function", bound=Callable[..., object])


@overload
def node(function: _Function) -> _Function: ...
@overload
def node(
    *,
    category: str = ...,
    id: str = ...,
    title: str = ...,
    output: bool = ...,
    volatile: bool = ...,
    fingerprint: Callable[..., str] | None = ...,
) -> Callable[[_Function], _Function]: ...
def node(
    function: _Function | None = None,
    *,
    category: str = "",
    id: str = "",
    title: str = "",
    output: bool = False,
    volatile: bool = False,
    fingerprint: Callable[..., str] | None = None,
) -> _Function | Callable[[_Function], _Function]:
    """Make a typed function a node.

    ``category`` is a path with slashes ("image/transform"), ``id`` the class type in graph files
    (default: the function's name in CamelCase), ``output`` marks a sink that runs for its effect,
    ``volatile`` one whose result must not be kept. ``fingerprint`` is called with the same
    arguments and tells whether something outside the graph (a file) changed: the node runs again
    when its text differs.
    """

    def mark(target: _Function) -> _Function:
        options = NodeOptions(
            category=tuple(part.strip() for part in category.split("/") if part.strip()),
            id=id,
            title=title,
            is_output=output,
            is_volatile=volatile,
            fingerprint=fingerprint,
        )
        target.__dict__["blockloom_node"] = options
        return target

    return mark if function is None else mark(function)
