"""``blockloom comfyui install``: Blockloom's nodes in a ComfyUI."""

from __future__ import annotations

import argparse
from pathlib import Path

from blockloom.cli.terminal import note, say
from blockloom.comfyui.install import install
from blockloom.settings import read_settings
from blockloom.wiring import open_workshop


def main(options: argparse.Namespace) -> int:
    """Put the pack into a ComfyUI, and read the blocks now, so that its first start is quick."""
    data: Path | None = options.data
    found = install(options.folder)
    if found.other_python is None:
        open_workshop(read_settings(data=data.absolute() if data else None), [], note)
    say(str(found.folder))
    note("It was there already." if found.was_there else "Installed; delete that to remove it.")
    if found.other_python is not None:
        note(
            "This ComfyUI seems to run with a Python of its own. Blockloom has to be installed "
            f"there, too: {found.other_python} -m pip install blockloom"
        )
    note("Start ComfyUI anew: its nodes are under Blockloom.")
    return 0
