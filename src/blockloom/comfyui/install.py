"""Putting the pack into a ComfyUI: a folder in its ``custom_nodes``."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from blockloom.errors import NotFoundError, UsageError, storage_error
from blockloom.resources import checkout_folder

NAME = "blockloom"
_MARK = "# Written by `blockloom comfyui install`."
_ENVIRONMENTS = (".venv", "venv", "../python_embeded", "python_embeded")
_FILE = f'''{_MARK}
"""Blockloom as a pack of custom nodes; the installed package does the work."""

import logging

NODE_CLASS_MAPPINGS = {{}}
NODE_DISPLAY_NAME_MAPPINGS = {{}}
WEB_DIRECTORY = "web"

try:
    from blockloom.comfyui.pack import make_pack

    _pack = make_pack()
    NODE_CLASS_MAPPINGS.update(_pack.classes)
    NODE_DISPLAY_NAME_MAPPINGS.update(_pack.titles)
    WEB_DIRECTORY = str(_pack.web_folder) if _pack.classes and _pack.web_folder else None
except Exception:
    logging.getLogger(__name__).exception(
        "Blockloom cannot be loaded; ComfyUI goes on without it. Is it installed in the Python "
        "that ComfyUI runs with?"
    )

__all__ = ["NODE_CLASS_MAPPINGS", "NODE_DISPLAY_NAME_MAPPINGS", "WEB_DIRECTORY"]
'''


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the pack lies now, and whether ComfyUI seems to run with another Python than this."""

    folder: Path
    was_there: bool
    other_python: Path | None


def install(comfyui: Path) -> Installed:
    """Put the pack into a ComfyUI; again is fine.

    From a checkout it is a link to the checkout, else a file that loads the installed package.
    Raises NotFoundError for what is no ComfyUI, UsageError where something else has the name.
    """
    root = comfyui.expanduser().resolve()
    if not (root / "main.py").is_file() or not (root / "custom_nodes").is_dir():
        raise NotFoundError(
            f'"{comfyui}" is no ComfyUI: it has no main.py with a custom_nodes folder beside it.',
            remedy="Name the folder that ComfyUI's main.py is in.",
        )
    folder = root / "custom_nodes" / NAME
    checkout = checkout_folder()
    try:
        was_there = _put(folder, checkout)
    except OSError as error:
        raise storage_error(f'The pack cannot be put into "{folder}"', error) from error
    return Installed(folder, was_there, None if checkout else _other_python(root))


def _put(folder: Path, checkout: Path | None) -> bool:
    """Make the folder, or the link to a checkout; whether it was there already."""
    if checkout is not None and folder.exists() and folder.resolve() == checkout:
        return True
    if folder.is_symlink() and not folder.exists():
        folder.unlink()
    is_ours = _is_ours(folder)
    if folder.exists() and not is_ours:
        raise UsageError(
            f'There is already something called "{folder}", which is not from here.',
            remedy="Move it away, or keep it: a clone of Blockloom works as it is.",
        )
    if checkout is not None and not is_ours:
        os.symlink(checkout, folder, target_is_directory=True)
        return False
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").write_text(_FILE, encoding="utf-8")
    return is_ours


def _is_ours(folder: Path) -> bool:
    """Whether this command wrote the folder."""
    try:
        return (folder / "__init__.py").read_text(encoding="utf-8").startswith(_MARK)
    except FileNotFoundError:
        return False
    except (NotADirectoryError, UnicodeDecodeError):
        return False


def _other_python(root: Path) -> Path | None:
    """The Python that lies beside ComfyUI, where it is not the one this runs with."""
    for name in _ENVIRONMENTS:
        for python in ("bin/python", "Scripts/python.exe", "python.exe"):
            found = root / name / python
            if found.is_file():
                here = Path(sys.prefix).resolve()
                return None if (root / name).resolve() == here else found
    return None
