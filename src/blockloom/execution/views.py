"""What a node function sees: the main wire as an immutable pipeline, and the run's context."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from blockloom.errors import BlockloomError, NotFoundError
from blockloom.execution.cancel import CancelToken
from blockloom.execution.events import FileEvent
from blockloom.execution.values import ComponentRef, ValueRef
from blockloom.execution.wire import (
    JoinWire,
    RemoveValue,
    SetComponent,
    SetValue,
    Wire,
    WireStep,
)
from blockloom.graph.model import Json

WHOLE_WIRE = "*"
ALL_COMPONENTS = "*components"
"""Noted as read by whoever looks at components, where else names of values are noted."""


class Ledger(Protocol):
    """Who keeps count of what a function read, and finds and names data."""

    def fetch(self, ref: ValueRef) -> object:
        """The data of a value."""

    def note_read(self, parameter: str, name: str) -> None:
        """Remember that the function read this name of the wire at ``parameter``."""

    def name_data(self, data: object, label: str) -> ValueRef:
        """A reference to data that the function made, or got from somewhere."""


@dataclass(frozen=True, slots=True)
class PipelineView:
    """A main wire in the hands of a node function (the node author's ``Pipeline``)."""

    parameter: str
    wire: Wire
    ledger: Ledger
    steps: tuple[WireStep, ...] = ()

    def names(self) -> tuple[str, ...]:
        self.ledger.note_read(self.parameter, WHOLE_WIRE)
        return tuple(sorted(self.wire.values))

    def has(self, name: str) -> bool:
        self.ledger.note_read(self.parameter, name)
        return name in self.wire.values

    def get(self, name: str, default: object = None) -> object:
        self.ledger.note_read(self.parameter, name)
        ref = self.wire.values.get(name)
        return default if ref is None else self.ledger.fetch(ref)

    def with_value(self, name: str, value: object, bundle: str = "") -> PipelineView:
        ref = self.ledger.name_data(value, f"set {len(self.steps)} {name}")
        return self._stepped(SetValue(name, ref, bundle), self.wire.with_value(name, ref, bundle))

    def without_value(self, name: str) -> PipelineView:
        return self._stepped(RemoveValue(name), self.wire.without_value(name))

    def joined(self, other: PipelineView) -> PipelineView:
        if other.steps:
            raise BlockloomError(
                "A pipeline that was changed in the same node cannot be joined to another.",
                remedy="Join first, then change the result.",
            )
        return self._stepped(JoinWire(other.parameter), self.wire.joined(other.wire))

    def component_names(self) -> tuple[str, ...]:
        self.ledger.note_read(self.parameter, ALL_COMPONENTS)
        return tuple(self.wire.components)

    def component(self, name: str) -> object:
        self.ledger.note_read(self.parameter, ALL_COMPONENTS)
        return self.wire.components.get(name)

    def with_component(self, name: str, component: object) -> PipelineView:
        if not isinstance(component, ComponentRef):
            raise BlockloomError(
                f'"{name}" was given something that is no component ({type(component).__name__}).',
                remedy="Link the output of a Load Component node.",
            )
        return self._stepped(
            SetComponent(name, component), self.wire.with_component(name, component)
        )

    def _stepped(self, step: WireStep, wire: Wire) -> PipelineView:
        return replace(self, wire=wire, steps=(*self.steps, step))


@dataclass(frozen=True, slots=True)
class Host:
    """What the program around a run gives it: folders, and what to write into pictures.

    Files are read only below ``input_folders``, or where ``input_files`` names one exactly, or, as
    ComfyUI has it, where a name ends in `` [output]`` or `` [temp]``, from these folders. What is
    only to be looked at goes to ``temporary_folder``; without one to ``previews`` among the output.
    """

    output_folder: Path = Path("output")
    input_folders: tuple[Path, ...] = ()
    input_files: Mapping[str, Path] = field(default_factory=dict)
    temporary_folder: Path | None = None
    picture_notes: Mapping[str, Json] = field(default_factory=dict)

    @property
    def previews_folder(self) -> Path:
        """Where what is only to be looked at goes."""
        return self.temporary_folder or self.output_folder / "previews"

    def input_file(self, name: str) -> Path:
        """The allowed file of that name; raises NotFoundError."""
        if name in self.input_files:
            return self.input_files[name]
        found = _file_below(self.input_folders, name)
        if found is None and (noted := re.fullmatch(r"(.+) \[(input|output|temp)\]", name)):
            found = _file_below(self._folders_called(noted[2]), noted[1])
        if found is not None:
            return found
        searched = ", ".join(str(folder) for folder in self.input_folders) or "no folder"
        raise NotFoundError(
            f'There is no file "{name}" in the input folders ({searched}).',
            remedy="Put the file there, or give its name as it is inside one of them.",
        )

    def _folders_called(self, kind: str) -> tuple[Path, ...]:
        if kind == "input":
            return self.input_folders
        return (self.output_folder if kind == "output" else self.previews_folder,)


def _file_below(folders: Sequence[Path], name: str) -> Path | None:
    for folder in folders:
        # What is no path at all (too long, a NUL inside, a circle of links) is not there.
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            root = folder.resolve()
            path = (root / name).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
    return None


@dataclass(slots=True)
class RunningContext:
    """The context of one running node (the node author's ``Context``)."""

    node_id: str
    host: Host
    seed: int | None
    graph_json: dict[str, Json]
    cancel: CancelToken
    on_step: Callable[[int, int], None]
    files: list[FileEvent] = field(default_factory=list)
    shown: list[object] = field(default_factory=list)

    @property
    def output_folder(self) -> Path:
        return self.host.output_folder

    @property
    def temporary_folder(self) -> Path:
        return self.host.previews_folder

    @property
    def picture_notes(self) -> Mapping[str, Json]:
        return self.host.picture_notes

    def progress(self, done: int, total: int) -> None:
        self.cancel.check()
        self.on_step(done, total)

    def input_file(self, name: str) -> Path:
        return self.host.input_file(name)

    def announce(self, path: Path, kind: str = "image", is_temporary: bool = False) -> None:
        self.files.append({"path": str(path), "kind": kind, "is_temporary": is_temporary})

    def show(self, value: object) -> None:
        self.shown.append(value)
