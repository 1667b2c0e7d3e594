"""Which repositories may run code of their own: what the person at this machine said yes to.

The yes is for one commit, or for a folder as its code is now, and lies in the user's settings: no
graph and no request can add to it. Code is read once, compared with what was trusted, and run from
what was read; what changes on disk in between is not run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from blockloom.errors import StorageError, UsageError

TRUST_COMMAND = "blockloom trust"
CONFIG_FILE = "modular_config.json"
"""Names the class in a repository's code that is its block."""
_MOST_FILES = 2000
_MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a repository as it was read: its Python files and the file that names a class in
    them, by their paths in ``folder``."""

    folder: Path
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes when any of the files does, or another one is added."""
        found = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            found.update(f"{len(name)}:{name}{len(content)}:".encode("utf-8", "surrogateescape"))
            found.update(content)
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Trusted:
    """A repository that may run its code: as it was named, where it is, and what was looked at.

    ``location`` is a folder, or a name on the Hub, where ``commit`` is one.
    """

    repository: str
    revision: str
    location: str
    commit: str
    digest: str


@dataclass(frozen=True, slots=True)
class TrustBook:
    """What is trusted, read from its file each time; without one, nothing is.

    ``command`` is what the user types to trust something with these settings.
    """

    file: Path | None = None
    command: str = TRUST_COMMAND

    def entries(self) -> tuple[Trusted, ...]:
        """All there is; a file that cannot be read trusts nothing."""
        with contextlib.suppress(OSError, ValueError, UnicodeError, RecursionError):
            return tuple(_entries(json.loads(self.file.read_text("utf-8")))) if self.file else ()
        return ()

    def find(self, repository: str, revision: str = "") -> Trusted | None:
        """What was trusted under that name and revision, or of that commit."""
        for entry in self.entries():
            if entry.repository == repository and revision in (entry.revision, entry.commit):
                return entry
        return None

    def knows(self, location: str, commit: str = "") -> bool:
        """Whether any code of that repository at that commit is trusted."""
        return any((e.location, e.commit) == (location, commit) for e in self.entries())

    def allows(self, location: str, commit: str, digest: str) -> bool:
        """Whether exactly this code of this repository is trusted."""
        wanted = (location, commit, digest)
        return any((e.location, e.commit, e.digest) == wanted for e in self.entries())

    def add(self, entry: Trusted) -> None:
        """Write down a yes; it replaces an earlier one of that name and revision."""
        same = (entry.repository, entry.revision)
        kept = [e for e in self.entries() if (e.repository, e.revision) != same]
        self._write([*kept, entry])

    def remove(self, repository: str, revision: str = "") -> int:
        """Take back what was said of a repository, of one revision where one is named; how many."""
        entries = self.entries()
        kept = [
            entry
            for entry in entries
            if repository not in (entry.repository, entry.location)
            or revision not in ("", entry.revision, entry.commit)
        ]
        if len(kept) < len(entries):
            self._write(kept)
        return len(entries) - len(kept)

    def _write(self, entries: list[Trusted]) -> None:
        if self.file is None:
            raise UsageError("There are no settings to write this down in.")
        text = json.dumps({"trusted": [asdict(entry) for entry in entries]}, indent=2)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=self.file.name)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text + "\n")
            os.replace(name, self.file)
        except OSError as error:
            raise StorageError(
                f'What is trusted cannot be written to "{self.file}": {error.strerror}.',
                remedy="Make room there, or let yourself write to that folder.",
            ) from error


def read_code(folder: Path) -> Code:
    """The code in a folder. Links to other folders are not followed.

    Raises UsageError where there is more of it than anybody would look at.
    """
    files: dict[str, bytes] = {}
    size = 0
    for path in _code_files(folder):
        content = path.read_bytes()
        files[path.relative_to(folder).as_posix()] = content
        size += len(content)
        if len(files) > _MOST_FILES or size > _MOST_BYTES:
            raise UsageError(
                f'There is too much code in "{folder}" to be looked at.',
                remedy=f"A repository may have {_MOST_FILES} Python files.",
            )
    return Code(folder, files)


def not_trusted(repository: str, revision: str, command: str = TRUST_COMMAND) -> str:
    """What is said of a repository whose code may not run, with the command that changes that."""
    shown = f"{repository}@{revision}" if revision else repository
    return (
        f'"{shown[:200]}" has code of its own, which is not trusted on this machine. If you want '
        f"it to run, type: {command} {shlex.quote(shown[:200])}"
    )


def _code_files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__pycache__")
        for name in sorted(names):
            if name.endswith(".py") or (name == CONFIG_FILE and parent == str(folder)):
                yield Path(parent, name)


def _entries(found: object) -> Iterator[Trusted]:
    listed = found.get("trusted") if isinstance(found, dict) else None
    for item in listed if isinstance(listed, list) else ():
        names = ("repository", "revision", "location", "commit", "digest")
        values = [item.get(name) for name in names] if isinstance(item, dict) else []
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) == len(names):
            yield Trusted(*texts)
