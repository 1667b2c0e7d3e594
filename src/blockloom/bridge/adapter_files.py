"""The weights file of an adapter: a LoRA, an IP-Adapter, a textual inversion."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import hf_hub_download, list_repo_files
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, OfflineModeIsEnabled

from blockloom.bridge.repositories import Repository, check_part, find_repository
from blockloom.errors import NotFoundError, UsageError
from blockloom.execution.keys import key_of
from blockloom.model_places import PICKLES, ModelPlaces

SAFE = ".safetensors"


@dataclass(frozen=True, slots=True)
class AdapterFile:
    """A file on this machine; ``key`` changes when the file does, ``name`` is for people."""

    path: Path
    name: str
    key: str


def find_adapter_file(
    model: str, weight_name: str, revision: str, places: ModelPlaces
) -> AdapterFile:
    """The file in a folder or a Hub repository, or the file that ``model`` is itself.

    ``weight_name`` may be empty where there is only one. Raises NotFoundError, or UsageError for
    files that are no safetensors.
    """
    repository = find_repository(model, revision or None, places)
    if repository.is_file:
        path = Path(repository.location)
        _check_format(path.name)
        return _found(repository, path, path.name)
    if weight_name:
        check_part(repository, weight_name, places)
    name = weight_name or _only_file(repository)
    _check_format(name)
    return _found(repository, _path_of(repository, name), name)


def _found(repository: Repository, path: Path, name: str) -> AdapterFile:
    status = path.stat()
    stamp = f"{status.st_size}:{status.st_mtime_ns}" if repository.is_local else ""
    return AdapterFile(path, name, key_of("adapter file", repository.identity, name, stamp))


def _check_format(name: str) -> None:
    if name.endswith(PICKLES):
        raise UsageError(
            f'The file "{name}" is a Python pickle, which can run code when it is read.',
            remedy="Use a .safetensors file of the adapter.",
        )
    if not name.endswith(SAFE):
        raise UsageError(
            f'"{name}" is no adapter file.', remedy="Type the name of a .safetensors file."
        )


def _only_file(repository: Repository) -> str:
    names = sorted(name for name in _names(repository) if name.endswith(SAFE))
    if len(names) == 1:
        return names[0]
    if not names:
        raise NotFoundError(
            f'There is no .safetensors file in "{repository.name}".',
            remedy="Type the name of another model, or the name of the file.",
        )
    shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
    raise UsageError(
        f'There are {len(names)} files in "{repository.name}": {shown}.',
        remedy="Type the name of one into weight name.",
    )


def _names(repository: Repository) -> list[str]:
    if repository.is_local:
        folder = Path(repository.location)
        return [path.name for path in folder.iterdir() if path.is_file()]
    try:
        return list(list_repo_files(repository.location, revision=repository.revision))
    except (HfHubHTTPError, OfflineModeIsEnabled, OSError) as error:
        raise NotFoundError(
            f'The files of "{repository.name}" cannot be listed: the Hub is not reached.',
            remedy="Type the name of the file into weight name.",
            details=str(error),
        ) from error


def _path_of(repository: Repository, name: str) -> Path:
    if repository.is_local:
        path = Path(repository.location, name)
        if not path.is_file():
            raise NotFoundError(
                f'There is no file "{name}" in "{repository.name}".',
                remedy="Check weight name; leave it empty where there is only one file.",
            )
        return path.resolve()
    try:
        return Path(hf_hub_download(repository.location, name, revision=repository.revision))
    except EntryNotFoundError as error:
        raise NotFoundError(
            f'There is no file "{name}" in "{repository.name}".', remedy="Check weight name."
        ) from error
    except (HfHubHTTPError, OSError) as error:
        raise NotFoundError(
            f'The file "{name}" of "{repository.name}" was not downloaded before, and the Hub is '
            "not reached.",
            remedy=f"Check the connection, or run `hf download {repository.location} {name}`.",
            details=str(error),
        ) from error
