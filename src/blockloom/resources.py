"""Where the files that come with Blockloom are, in a checkout as in an installed wheel."""

from __future__ import annotations

import os
from pathlib import Path

from blockloom.errors import NotFoundError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def checkout_folder() -> Path | None:
    """The checkout this runs from; None where the package is installed."""
    is_checkout = (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "nodes").is_dir()
    return _CHECKOUT if is_checkout else None


def _shipped(name: str, in_checkout: str) -> Path | None:
    installed = _PACKAGE / "data" / name
    if installed.is_dir():
        return installed
    beside = _CHECKOUT / in_checkout
    return beside if beside.is_dir() and (_CHECKOUT / "pyproject.toml").is_file() else None


def nodes_folder() -> Path:
    """The node files that come with Blockloom."""
    return _shipped("nodes", "nodes") or _complain("nodes")


def examples_folder() -> Path:
    """The example graphs that come with Blockloom."""
    return _shipped("examples", "examples") or _complain("examples")


def editor_folder() -> Path:
    """The built editor: ``index.html`` with ``assets``; ``BLOCKLOOM_EDITOR`` names another build.

    Raises NotFoundError, which says how to build it.
    """
    named = os.environ.get("BLOCKLOOM_EDITOR", "")
    found = Path(named) if named else _shipped("web", "web/dist")
    if found is None or not (found / "index.html").is_file():
        raise NotFoundError(
            "This installation has no built editor.",
            remedy="In a checkout, `cd web && npm ci && npm run build` builds it; "
            "otherwise install Blockloom again.",
        )
    return found


def comfyui_folder() -> Path:
    """The extension for ComfyUI's own editor: plain modules, as the browser loads them."""
    return _shipped("comfyui", "web/comfyui") or _complain("web/comfyui")


def _complain(name: str) -> Path:
    raise NotFoundError(
        f'The folder "{name}" that comes with Blockloom is missing from {_PACKAGE}.',
        remedy="Install Blockloom again.",
    )
