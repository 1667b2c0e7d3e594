"""Model repositories: where one is, which commit or files it holds, and its small JSON files.

Nothing here imports torch, so telling whether a model changed is cheap.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import (
    constants,
    hf_hub_download,
    resolve_revision,
    try_to_load_from_cache,
)
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
    RevisionResolutionError,
)

from blockloom.demo import model_folder
from blockloom.errors import ModelError, NotFoundError, UsageError
from blockloom.execution.keys import key_of
from blockloom.model_places import (
    DEMO,
    PICKLES,
    WEIGHTS,
    ModelPlaces,
    Refusal,
    is_hub_name,
    part_refusal,
    revision_refusal,
)

INDEX_FILES = ("modular_model_index.json", "model_index.json")
BLOCKS_FILE = "modular_config.json"
_OPEN = ModelPlaces()


@dataclass(frozen=True, slots=True)
class Repository:
    """A local folder, a single weights file, or a Hub repository at one commit.

    ``name`` is what the artist typed, ``location`` what diffusers is given: a path or a Hub id.
    """

    name: str
    location: str
    revision: str | None = None
    is_local: bool = True

    @property
    def identity(self) -> str:
        """The repository as a part of keys; for a folder see also ``stamp``."""
        return f"{self.location}@{self.revision or ''}"

    def read_json(self, path: str) -> dict[str, Any] | None:
        """A JSON file of the repository, or None if it has none of that name."""
        file = self.file(path)
        if file is None:
            return None
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f'The file "{path}" of the model "{self.name}" cannot be read: {error}.',
                remedy="Download the model again.",
            ) from error
        if not isinstance(content, dict):
            raise ModelError(
                f'The file "{path}" of the model "{self.name}" is not what it should be: '
                f"expected named values, found {type(content).__name__}.",
                remedy="Download the model again.",
            )
        return content

    def file(self, path: str) -> Path | None:
        """A file of the repository on this machine, downloaded if need be; None without one."""
        if self.is_local:
            file = Path(self.location, path)
            return file if file.is_file() else None
        try:
            return Path(hf_hub_download(self.location, path, revision=self.revision))
        except EntryNotFoundError:
            return None
        except HfHubHTTPError as error:
            raise _hub_problem(self.name, self.revision, error) from error

    def stamp(self, subfolder: str = "") -> str:
        """Changes when files of a local subfolder do; a Hub commit never changes."""
        if not self.is_local:
            return ""
        return key_of(*_file_stamps(Path(self.location, subfolder)))

    @property
    def is_file(self) -> bool:
        """Whether this is a single weights file."""
        return self.location.endswith(WEIGHTS)

    def weights_size(self, subfolder: str = "") -> int:
        """Bytes of all weight files in a local subfolder, several variants counted together."""
        if not self.is_local:
            return 0
        files = _files(Path(self.location, subfolder))
        return sum(file.stat().st_size for file in files if file.suffix in WEIGHTS)


def find_repository(
    name: str, revision: str | None = None, places: ModelPlaces = _OPEN
) -> Repository:
    """The repository an artist named: ``demo``, a folder or a weights file, or a Hub name.

    Raises NotFoundError, or UsageError for what may not be named, with what to do about it.
    """
    if not name:
        raise NotFoundError("No model was named.", remedy=f"Type a folder, a Hub name, or {DEMO}.")
    refuse(places.refusal(name))
    refuse(revision_refusal(revision or ""))
    folder = _find_folder(name, places)
    if folder is not None and revision:
        raise UsageError(
            f'The model "{name}" is a folder, and a folder has no revision "{revision}".',
            remedy="Clear revision, or type the name of a model on the Hub.",
        )
    if folder is not None:
        return Repository(name, str(folder))
    if name == DEMO:
        raise NotFoundError(
            "The demo model is not part of this installation.",
            remedy="Type the folder or the Hub name of another model.",
        )
    if name.endswith(WEIGHTS):
        return _find_file(name, places)
    if name.endswith(PICKLES):
        raise UsageError(
            f'The file "{name}" is a Python pickle, which can run code when it is read.',
            remedy="Use a .safetensors file of the model.",
        )
    if not is_hub_name(name):
        raise NotFoundError(
            f'There is no model folder "{name}".', remedy="Check the path; it must be a folder."
        )
    return _find_on_hub(name, revision or None)


def refuse(refusal: Refusal | None) -> None:
    """Raise UsageError with the reason for a refusal, if there is one."""
    if refusal is not None:
        raise UsageError(refusal.message, remedy=refusal.remedy)


def check_part(repository: Repository, part: str, places: ModelPlaces) -> None:
    """Raise UsageError for a subfolder that leads out of its repository, as links may too."""
    refuse(part_refusal(part))
    if part and repository.is_local and places.is_closed:
        path = Path(repository.location, part).resolve()
        if not path.is_relative_to(repository.location) and not places.holds(path):
            raise UsageError(
                f'"{part}" of the model "{repository.name}" is a link to a place outside of the '
                "model folders of this server.",
                remedy="Start the server with --models and the folder it leads to.",
            )


def fingerprint(name: str, revision: str | None = None, places: ModelPlaces = _OPEN) -> str:
    """Changes when the files of a local model do, or another commit of a Hub model is cached.

    Never goes online and never fails; a model that is not there has a fingerprint as well.
    """
    folder = _find_folder(name, places)
    if folder is not None:
        parts = [entry for entry in sorted(folder.iterdir()) if entry.is_dir()]
        stamps = [key_of(part.name, *_file_stamps(part)) for part in parts]
        return key_of("folder", str(folder), *_file_stamps(folder), *stamps)
    file = places.find_file(name)
    if file is not None:
        return key_of("file", str(file), *_file_stamps(file))
    if not is_hub_name(name) or revision_refusal(revision or "") is not None:
        return key_of("absent", name)
    cached = (try_to_load_from_cache(name, file, revision=revision or None) for file in INDEX_FILES)
    return key_of("hub", name, revision or "", *(str(path) for path in cached if path))


def _find_folder(name: str, places: ModelPlaces) -> Path | None:
    if name != DEMO:
        return places.find_folder(name)
    return model_folder().resolve() if model_folder().is_dir() else None


def _find_file(name: str, places: ModelPlaces) -> Repository:
    """A single file; diffusers itself knows what to do with an address on the web."""
    if name.startswith(("http://", "https://")):
        return Repository(name, name)
    found = places.find_file(name)
    if found is None:
        raise NotFoundError(f'There is no model file "{name}".', remedy="Check the path.")
    return Repository(name, str(found))


def _find_on_hub(name: str, revision: str | None) -> Repository:
    try:
        commit = resolve_revision(name, revision=revision)
    except (HFValidationError, RevisionResolutionError, HfHubHTTPError) as error:
        raise _hub_problem(name, revision, error) from error
    return Repository(name, name, commit.resolved, is_local=False)


def _hub_problem(name: str, revision: str | None, error: Exception) -> NotFoundError:
    page = f"{constants.ENDPOINT}/{name}"
    if isinstance(error, GatedRepoError):
        message = f'The model "{name}" is gated: its owner wants to know who downloads it.'
        remedy = f"Ask for access at {page} and run `hf auth login`."
    elif isinstance(error, RevisionNotFoundError):
        message = f'The model "{name}" has no revision "{revision}".'
        remedy = f"Look at {page} for its branches, tags and commits."
    elif isinstance(error, (RepositoryNotFoundError, HFValidationError)):
        message = f'There is no folder and no model on the Hugging Face Hub called "{name}".'
        remedy = "Check the name; for a private model run `hf auth login` first."
    else:
        message, remedy = _not_reached(name), _reach(name)
    return NotFoundError(message, remedy=remedy, details=str(error))


def _not_reached(name: str) -> str:
    reason = "offline mode is on" if constants.HF_HUB_OFFLINE else "the Hub could not be reached"
    return f'There is no folder "{name}", the model was not downloaded before, and {reason}.'


def _reach(name: str) -> str:
    how = "Unset HF_HUB_OFFLINE" if constants.HF_HUB_OFFLINE else "Check the connection"
    return f"Check the name. {how}, or get the model with `hf download {name}`."


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (entry for entry in sorted(folder.iterdir()) if entry.is_file())
    elif folder.is_file():
        yield folder


def _file_stamps(folder: Path) -> list[str]:
    found = []
    for file in _files(folder):
        status = file.stat()
        found.append(f"{file.name}:{status.st_size}:{status.st_mtime_ns}")
    return found
