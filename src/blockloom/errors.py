"""Every error Blockloom raises on purpose, in one tree.

    BlockloomError
    ├── UsageError            a command, setting or argument that cannot be used
    ├── NotFoundError         a file, model, node type or template that is not there
    ├── GraphError            a graph that cannot be read, or does not check (carries all problems)
    ├── NodeDefinitionError   a node file or a node function that cannot be used as a node
    ├── ModelError            a model repository or one of its components cannot be loaded
    ├── StorageError          something cannot be kept: disk full, folder read-only, file damaged
    ├── NodeFailed            a node raised while it ran (carries node, block and details)
    └── Cancelled             the run was stopped by its owner

A message says what happened, where (node, socket) and what to do next. What only a developer wants
to read, such as a traceback, goes into ``details``.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a graph something is: a node, and possibly one of its sockets."""

    node_id: str | None = None
    class_type: str | None = None
    socket: str | None = None
    side: str = "input"

    def __str__(self) -> str:
        if self.node_id is None:
            return "graph"
        text = f'node "{self.node_id}"'
        if self.class_type:
            text += f" ({self.class_type})"
        if self.socket is not None:
            text += f', {self.side} "{self.socket}"'
        return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a graph.

    ``code`` is stable and meant for programs (``unknown_type``, ``missing_input`` …), ``message``
    and ``remedy`` are for the artist. A problem with ``is_warning`` does not stop a run.
    """

    code: str
    place: Place
    message: str
    remedy: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}"
        return f"{text} {self.remedy}" if self.remedy else text


class BlockloomError(Exception):
    """Base of all errors raised on purpose; ``str()`` of it can be shown to the artist as it is."""

    def __init__(self, message: str, *, remedy: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class UsageError(BlockloomError):
    """A command, setting or argument that cannot be used."""


class NotFoundError(BlockloomError):
    """A file, model, node type or template that is not there."""


class GraphError(BlockloomError):
    """A graph that cannot be read or does not check; ``problems`` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NodeDefinitionError(BlockloomError):
    """A node file or a node function that cannot be used as a node."""


class ModelError(BlockloomError):
    """A model repository, or one of its components, that cannot be loaded."""


class StorageError(BlockloomError):
    """What must last cannot be written or read: a full or read-only disk, or a damaged file."""


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LOCKED = (errno.EROFS, errno.EACCES, errno.EPERM)
_IN_THE_WAY = (errno.ENOTDIR, errno.EEXIST, errno.EISDIR)


def is_disk_trouble(error: BaseException) -> bool:
    """Whether the system says that nothing can be written there, whoever tries."""
    return isinstance(error, OSError) and error.errno in (*_FULL, errno.EROFS)


def storage_error(what: str, error: OSError) -> StorageError:
    """What to tell where something could not be written: ``what``, why not, and the remedy."""
    remedy = "Check the disk it is on, and try again."
    if error.errno in _FULL:
        remedy = "The disk is full, or a limit is reached: free some space, and run it again."
    elif error.errno in _LOCKED:
        remedy = "Make the folder writable, or choose another one, and run it again."
    elif error.errno in _IN_THE_WAY:
        remedy = "A file lies where a folder has to be: move it away, or choose another name."
    elif error.errno == errno.ENAMETOOLONG:
        remedy = "Choose a shorter name."
    return StorageError(f"{what}: {error.strerror or error}.", remedy=remedy)


class NodeFailed(BlockloomError):
    """A node raised while it ran.

    ``place`` names the node, ``block`` the innermost diffusers block that raised (where known).
    """

    def __init__(
        self, place: Place, message: str, *, block: str = "", remedy: str = "", details: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy, details=details)
        self.place = place
        self.block = block

    def __str__(self) -> str:
        where = f"{self.place}, block {self.block}" if self.block else str(self.place)
        text = f"{where}: {self.message}"
        return f"{text} {self.remedy}" if self.remedy else text


class Cancelled(BlockloomError):
    """The run was stopped by its owner; nothing was lost that had been finished before."""

    def __init__(self, message: str = "The run was cancelled.") -> None:
        super().__init__(message)
