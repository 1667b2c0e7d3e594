"""The code that comes with a repository: where it is, whether it may run, the classes in it."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from blockloom.bridge.code_modules import import_from
from blockloom.bridge.repositories import Repository
from blockloom.errors import ModelError, NotFoundError
from blockloom.trust import CONFIG_FILE, Code, TrustBook, not_trusted, read_code

BLOCK = "ModularPipelineBlocks"
_SMALL_FILES = ("*.py", "*config.json", "*index.json")


def code_of(repository: Repository) -> Code:
    """The code of a repository, which is not run; of one on the Hub it is downloaded.

    Raises NotFoundError where it cannot be.
    """
    if repository.is_local:
        return read_code(Path(repository.location))
    try:
        folder = snapshot_download(
            repository.location, revision=repository.revision, allow_patterns=[*_SMALL_FILES]
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise NotFoundError(
            f'The code of "{repository.name}" cannot be downloaded.',
            remedy="Check the connection, and try again.",
            details=str(error),
        ) from error
    return read_code(Path(folder))


def trusted_code(repository: Repository, book: TrustBook) -> Code:
    """The code of a repository, if it may run. Raises ModelError with the command to type."""
    commit = repository.revision or ""
    if book.knows(repository.location, commit):
        code = code_of(repository)
        if book.allows(repository.location, commit, code.digest):
            return code
        reason = "Its code has changed since you trusted it. "
    else:
        reason = ""
    told = not_trusted(repository.name, "" if repository.is_local else commit, book.command)
    raise ModelError(f"{reason}{told}")


def class_in(repository: Repository, code: Code, reference: str) -> type[Any]:
    """A class of a repository's code, named as ``module.Class``.

    Raises ModelError with file and line where the code is broken.
    """
    module_name, _, class_name = reference.rpartition(".")
    if "--" in reference or not module_name or not class_name.isidentifier():
        raise ModelError(
            f'The repository "{repository.name}" wants "{reference[:200]}" to be run, which is not '
            "a class of its own code.",
            remedy="Code of other repositories is never run.",
        )
    try:
        found = getattr(import_from(code, module_name), class_name, None)
    except Exception as error:  # code of anybody may raise anything
        raise ModelError(
            f'The code of "{repository.name}" cannot be run: {_where(code, error)}{_lacking(code)}',
            details="".join(traceback.format_exception(error)),
        ) from error
    if not isinstance(found, type):
        raise ModelError(f'There is no class "{reference}" in the code of "{repository.name}".')
    return found


def auto_map(config: dict[str, Any], name: str) -> str:
    """The class that a config names for a purpose; "" where it names none of its own."""
    found = config.get("auto_map")
    value = found.get(name) if isinstance(found, dict) else None
    listed = value if isinstance(value, list) else [value]
    return next((item for item in listed if isinstance(item, str)), "")


def requirements_of(code: Code) -> dict[str, str]:
    """The packages that a repository says its code needs, and the versions it wants."""
    config = _json(code.files.get(CONFIG_FILE, b""))
    needs = config.get("requirements")
    items = needs.items() if isinstance(needs, dict) else ()
    return {str(name): str(version) for name, version in items}


def missing_packages(code: Code) -> list[str]:
    """The required packages that are not installed."""
    found = []
    for name in requirements_of(code):
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            found.append(name)
    return found


@functools.lru_cache(maxsize=64)
def _json(content: bytes) -> dict[str, Any]:
    import json

    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def block_reference(code: Code) -> str:
    """The class of its code that a repository says is its block; "" for none."""
    return auto_map(_json(code.files.get(CONFIG_FILE, b"")), BLOCK)


def _where(code: Code, error: Exception) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno or 0}: Not valid Python: {error.msg}."
    lines = list(_lines_inside(code, error))
    told = f"{type(error).__name__}: {error}"
    return f"{lines[-1]}: {told}" if lines else told


def _lines_inside(code: Code, error: Exception) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(str(code.folder)):
            yield f"{frame.filename}, line {frame.lineno or 0}"


def _lacking(code: Code) -> str:
    names = missing_packages(code)
    return f" It needs packages that are not installed: {', '.join(names)}." if names else ""
