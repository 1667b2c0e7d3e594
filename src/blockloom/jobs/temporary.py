"""The folder of what is only to be looked at: emptied when a server starts, but for what is shown.

A job in the queue or the history announces what it left, and clients find that again after a
restart. So a temporary file lives as long as the job that announced it; what no job announces any
more (its job was deleted, or its process was killed before it could) goes at the next start.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from blockloom.jobs.job_store import JobStore
from blockloom.jobs.retention import delete_file

_log = logging.getLogger(__name__)


def forgotten_files(store: JobStore, folder: Path) -> list[Path]:
    """The plain files in the folder that no job announces; call it while no job runs.

    Nothing where the folder is a link: who made it may keep other things there.
    """
    if folder.is_symlink():
        _log.warning("the temporary folder %s is a link: it is not emptied", folder)
        return []
    found = [Path(place) / name for place, _, names in os.walk(folder) for name in sorted(names)]
    announced = store.announced_below(folder) if found else frozenset()
    return [path for path in found if str(path) not in announced]


def delete_forgotten(folder: Path, files: Sequence[Path]) -> int:
    """Delete these files and the folders that are empty then; returns how many files went.

    Jobs may run meanwhile: a new file gets a number above all that are there, so that none takes
    a name that is still to be deleted.
    """
    count = 0
    for path in files:
        try:
            count += delete_file([folder], path)
        except OSError as error:
            _log.warning("the temporary file %s cannot be deleted: %s", path.name, error)
    for place in sorted({path.parent for path in files} - {folder}, reverse=True):
        with suppress(OSError):
            place.rmdir()
    return count
