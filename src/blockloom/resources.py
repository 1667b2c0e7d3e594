"""Where the files that come with Blockloom are, in a checkout as in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from blockloom.errors import NotFoundError

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    installed = _PACKAGE / "data" / name
    if installed.is_dir():
        return installed
    in_checkout = _PACKAGE.parent.parent / name
    if in_checkout.is_dir() and (_PACKAGE.parent.parent / "pyproject.toml").is_file():
        return in_checkout
    raise NotFoundError(
        f'The folder "{name}" that comes with Blockloom is missing from {_PACKAGE}.',
        remedy="Install Blockloom again.",
    )


def nodes_folder() -> Path:
    """The node files that come with Blockloom."""
    return _shipped("nodes")


def examples_folder() -> Path:
    """The example graphs that come with Blockloom."""
    return _shipped("examples")
