"""``blockloom trust``: which repositories may run code of their own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from blockloom.catalogue.trusting import trust_book
from blockloom.cli.terminal import columns, note, say
from blockloom.errors import Cancelled, NotFoundError, UsageError
from blockloom.model_places import ModelPlaces
from blockloom.settings import Settings, read_settings
from blockloom.trust import Code, TrustBook, Trusted

if TYPE_CHECKING:
    from blockloom.bridge.repositories import Repository

_SHORT = 12


def main(options: argparse.Namespace) -> int:
    """List, remove, or look at a repository's code and ask whether it may run."""
    data: Path | None = options.data
    settings = read_settings(data=data.absolute() if data else None)
    book = trust_book(settings)
    if options.list:
        return _list(book)
    if not options.repository:
        raise UsageError(
            "No repository is named.", remedy="Name one, or see what is trusted with --list."
        )
    name, revision = _parts_of(options.repository)
    if options.remove:
        if not book.remove(name, revision):
            raise NotFoundError(f'"{options.repository}" is not trusted anyway.')
        note(f'"{options.repository}" is not trusted any more. Reload the nodes.')
        return 0
    return _trust(book, name, revision, options, settings)


def _trust(
    book: TrustBook, name: str, revision: str, options: argparse.Namespace, settings: Settings
) -> int:
    from blockloom.bridge.repositories import find_repository
    from blockloom.bridge.repository_code import code_of

    places = ModelPlaces((*options.models, settings.models))
    repository = find_repository(name, revision or None, places)
    if repository.is_file:
        raise UsageError(f'"{name}" is a single file of weights; there is no code in it.')
    code = code_of(repository)
    if not any(file.endswith(".py") for file in code.files):
        raise UsageError(
            f'There is no code in "{name}".', remedy="It can be used without being trusted."
        )
    _show(repository, code)
    _ask(options)
    location = repository.location
    if repository.is_local:
        location = str(Path(location).resolve())
    commit = "" if repository.is_local else repository.revision or ""
    book.add(Trusted(name, revision, location, commit, code.digest))
    note(f'"{options.repository}" is trusted now. Reload the nodes of a server that runs.')
    return 0


def _parts_of(named: str) -> tuple[str, str]:
    """Repository and revision; a folder may have an @ in its name."""
    name, mark, revision = named.rpartition("@")
    return (named, "") if not mark or Path(named).expanduser().is_dir() else (name, revision)


def _show(repository: Repository, code: Code) -> None:
    """Say what would run."""
    from blockloom.bridge.repository_code import missing_packages, requirements_of

    kind = "the folder" if repository.is_local else f"commit {repository.revision} of"
    say(f"This is the code of {kind} {repository.location}:")
    rows = ((_shown(file), _size(len(text))) for file, text in code.files.items())
    say(*columns(rows, indent="  "))
    needs = requirements_of(code)
    missing = missing_packages(code)
    if needs:
        packages = [
            (_shown(f"{n} {v}"), "not installed" * (n in missing)) for n, v in needs.items()
        ]
        say("It needs:", *columns(packages, indent="  "))
    say(
        "It would run on this machine as you: it could read, change and send whatever you can.",
        f"Read it first, in {code.folder}",
    )


def _ask(options: argparse.Namespace) -> None:
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "Nobody is here to be asked.", remedy="Read the code, then say --yes if you trust it."
        )
    sys.stderr.write("Do you trust it? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Cancelled("Nothing was changed.")


def _list(book: TrustBook) -> int:
    rows = [
        (
            f"{entry.repository}@{entry.revision}" if entry.revision else entry.repository,
            f"commit {entry.commit[:_SHORT]}" if entry.commit else f"code {entry.digest[:_SHORT]}",
            entry.location,
        )
        for entry in book.entries()
    ]
    say(*columns(rows))
    return 0


def _shown(text: str) -> str:
    """Names are anybody's: none of them may tell the terminal what to do."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _size(count: int) -> str:
    return f"{count / 1000:.1f} kB"
