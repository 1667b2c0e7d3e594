"""Which models a graph may name, and where on this machine they are.

Who starts a run on the command line may name any folder. A graph that comes over the network may
be anybody's: there only what was put into a model folder, or is on the Hub, has a name.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DEMO = "demo"
WEIGHTS = (".safetensors", ".gguf")
PICKLES = (".bin", ".ckpt", ".pt", ".pth")
_LONGEST = 200
_HUB_NAME = re.compile(r"\w[\w.\-]*(/\w[\w.\-]*)?")
# ``http:``, ``file:``, and drives as well.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_REMEDY = (
    'Put it into the folder "models" of the data folder, or start the server with --models and the '
    "folder it is in; or type the name of a model on the Hugging Face Hub."
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be named, and what to do instead."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ModelPlaces:
    """Where models are looked for.

    ``folders`` hold models that can be named without a path. Where ``is_closed``, nothing outside
    of them can be named, links followed, and no address on the web; what is built in and names on
    the Hub always can.
    """

    folders: tuple[Path, ...] = ()
    is_closed: bool = False

    def find_folder(self, name: str) -> Path | None:
        """The folder of that name, links followed; None where there is none that may be used."""
        return self._find(name, Path.is_dir)

    def find_file(self, name: str) -> Path | None:
        """The file of that name, links followed; None where there is none that may be used."""
        return self._find(name, Path.is_file)

    def holds(self, path: Path) -> bool:
        """Whether a path without links is inside one of the folders."""
        return any(path.is_relative_to(folder.resolve()) for folder in self.folders)

    def refusal(self, name: str) -> Refusal | None:
        """Why a graph may not name this model; None where it may, which does not make it exist."""
        if not self.is_closed or name in ("", DEMO):
            return None
        if self.find_folder(name) is not None or self.find_file(name) is not None:
            return None
        shown = name if len(name) <= 200 else f"{name[:199]}…"
        if _ADDRESS.match(name):
            return Refusal(
                f'"{shown}" is an address; this server loads no models from one.', _REMEDY
            )
        # A folder that is there under such a name is one outside: it must not be taken for the Hub.
        if is_hub_name(name) and not any(map(os.path.lexists, self._candidates(name, every=True))):
            return None
        return Refusal(
            f'"{shown}" is not in a model folder of this server (links out of one do not count), '
            "and no name on the Hugging Face Hub.",
            _REMEDY,
        )

    def _find(self, name: str, is_wanted: Callable[[Path], bool]) -> Path | None:
        for candidate in self._candidates(name):
            # What is no path at all (too long, a NUL inside, a circle of links) is not there.
            with contextlib.suppress(OSError, RuntimeError, ValueError):
                path = candidate.resolve(strict=True)
                if is_wanted(path) and (not self.is_closed or self.holds(path)):
                    return path
        return None

    def _candidates(self, name: str, *, every: bool = False) -> Iterator[Path]:
        """Where something of that name could be; the working folder counts only where it is open.

        ``every`` names the working folder in any case.
        """
        if not name or "\0" in name:
            return
        with contextlib.suppress(RuntimeError):  # the home of somebody who is not there
            path = Path(name).expanduser()
            if every or not self.is_closed or path.is_absolute():
                yield path
        yield from (folder / name for folder in self.folders)


def is_hub_name(name: str) -> bool:
    """Whether a name may be one on the Hub: of nothing that leads anywhere, of no file."""
    is_file = name.endswith((*WEIGHTS, *PICKLES))
    return len(name) <= _LONGEST and not is_file and _HUB_NAME.fullmatch(name) is not None


def part_refusal(part: str) -> Refusal | None:
    """Why that cannot be a part of a model: it has to lie inside the model, whoever asks."""
    is_outside = (
        part.startswith(("/", "\\", "~"))
        or ".." in re.split(r"[/\\]", part)
        or _ADDRESS.match(part) is not None
        or not part.isprintable()
    )
    if not part or not is_outside:
        return None
    return Refusal(
        f'"{part[:200]}" is not inside the model.',
        'Name a part as the model does, such as "vae", or leave it empty.',
    )


def revision_refusal(revision: str) -> Refusal | None:
    """Why that cannot be a revision of a model on the Hub."""
    if not revision or re.fullmatch(r"\w[\w.\-]*(/\w[\w.\-]*)*", revision):
        return None
    return Refusal(
        f'"{revision[:200]}" is no revision of a model.', "Type a branch, a tag or a commit."
    )


def variant_refusal(variant: str) -> Refusal | None:
    """Why that cannot be a variant of weight files."""
    if not variant or re.fullmatch(r"\w[\w.\-]*", variant):
        return None
    return Refusal(
        f'"{variant[:200]}" is no variant of a model.', 'Type one such as "fp16", or nothing.'
    )
