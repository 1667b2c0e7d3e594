"""How long jobs and the files they made are kept; off unless somebody sets a limit.

Deleted is only what a job announced, inside the folders jobs write to, as a plain file that no
newer job announced as well. No symbolic link is followed, neither as a file nor as a folder on the
way.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from blockloom.errors import UsageError
from blockloom.jobs.job_store import JobStore

_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Retention:
    """Limits for ended jobs; None is none. The oldest ends go first, and their files with them.

    ``max_bytes`` counts the files that kept jobs announced and that are still there.
    """

    max_age_days: float | None = None
    max_jobs: int | None = None
    max_bytes: int | None = None

    def __post_init__(self) -> None:
        for name in ("max_age_days", "max_jobs", "max_bytes"):
            limit = getattr(self, name)
            if limit is not None and not limit >= 0:
                raise UsageError(
                    f'The retention limit "{name}" is {limit}.',
                    remedy="Give a number from 0 on, or leave it out to keep everything.",
                )

    @property
    def is_off(self) -> bool:
        """Whether everything is kept."""
        return self.max_age_days is None and self.max_jobs is None and self.max_bytes is None


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """Jobs that go from the history, and files that go from the folders."""

    job_ids: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """What was deleted, and in words what could not be."""

    job_ids: tuple[str, ...]
    files: tuple[Path, ...]
    problems: tuple[str, ...] = ()


def plan_retention(
    store: JobStore, limits: Retention, folders: Sequence[Path], *, now: float | None = None
) -> RetentionPlan:
    """Which jobs and files go under these limits; changes nothing."""
    if limits.is_off:
        return RetentionPlan()
    ends = store.ends()
    sizes = _sizes(store, folders)
    going = _too_old_or_many(ends, limits, time.time() if now is None else now)
    if limits.max_bytes is not None:
        going += _too_large([id for id, _ in ends[len(going) :]], sizes, limits.max_bytes)
    gone = set(going)
    staying = set(store.files_in_use())
    for id, files in sizes.items():
        if id not in gone:
            staying |= files.keys()
    doomed = {
        path: size
        for id in going
        for path, size in sizes.get(id, {}).items()
        if path not in staying
    }
    return RetentionPlan(tuple(going), tuple(map(Path, doomed)), sum(doomed.values()))


def apply_retention(
    store: JobStore, plan: RetentionPlan, folders: Sequence[Path]
) -> RetentionResult:
    """Forget the plan's jobs and delete its files; a file that cannot be deleted is reported.

    The jobs go first: a killed process leaves files nobody lists, never a list of missing files.
    """
    job_ids = store.delete_history(plan.job_ids)
    deleted: list[Path] = []
    problems: list[str] = []
    for path in plan.files:
        try:
            if delete_file(folders, path):
                deleted.append(path)
        except OSError as error:
            problems.append(f'The output "{path.name}" cannot be deleted: {error.strerror}.')
    return RetentionResult(tuple(job_ids), tuple(deleted), tuple(problems))


def _too_old_or_many(ends: Sequence[tuple[str, float]], limits: Retention, now: float) -> list[str]:
    count = 0
    if limits.max_jobs is not None:
        count = max(0, len(ends) - limits.max_jobs)
    if limits.max_age_days is not None:
        oldest = now - limits.max_age_days * _DAY
        while count < len(ends) and ends[count][1] < oldest:
            count += 1
    return [id for id, _ in ends[:count]]


def _too_large(ids: Sequence[str], sizes: dict[str, dict[str, int]], max_bytes: int) -> list[str]:
    """The oldest of these jobs that have to go; a file of two jobs counts for the newer one."""
    left = max_bytes
    counted: set[str] = set()
    for kept, id in enumerate(reversed(ids)):
        own = {path: size for path, size in sizes.get(id, {}).items() if path not in counted}
        counted |= own.keys()
        left -= sum(own.values())
        if left < 0:
            return list(ids[: len(ids) - kept])
    return []


def _sizes(store: JobStore, folders: Sequence[Path]) -> dict[str, dict[str, int]]:
    """For each ended job its announced files that are inside the folders, and their sizes."""
    sizes: dict[str, dict[str, int]] = {}
    for file in store.announced_files():
        size = _plain_size(folders, Path(file.path))
        if size is not None:
            sizes.setdefault(file.job_id, {})[file.path] = size
    return sizes


def _plain_size(folders: Sequence[Path], path: Path) -> int | None:
    with suppress(OSError), _folder_of(folders, path) as (folder, name):
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISREG(found.st_mode):
            return found.st_size
    return None


def delete_file(folders: Sequence[Path], path: Path) -> bool:
    """Delete a plain file in one of the folders; False where there is none (any more).

    Links are followed neither as the file nor on the way to it. Raises OSError.
    """
    try:
        with _folder_of(folders, path) as (folder, name):
            if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                return False
            os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _folder_of(folders: Sequence[Path], path: Path) -> Iterator[tuple[int, str]]:
    """Open the folder a file is in, step by step from the root, refusing links on the way.

    Raises OSError for a path that is not inside one of the folders.
    """
    roots = [root for folder in folders for root in (folder, folder.resolve())]
    root = next((root for root in roots if path.is_relative_to(root)), None)
    parts = path.relative_to(root).parts if root is not None else ()
    if root is None or not parts or ".." in parts:
        raise FileNotFoundError(f"{path} is not inside any folder of jobs")
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, flags, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder, parts[-1]
    finally:
        os.close(folder)
