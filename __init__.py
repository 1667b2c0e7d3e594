"""Blockloom as a pack of custom nodes: ComfyUI imports this file from its custom_nodes folder."""

import importlib.util
import logging
import os
import sys

NODE_CLASS_MAPPINGS = {}
NODE_DISPLAY_NAME_MAPPINGS = {}
WEB_DIRECTORY = "./web/comfyui"

_HERE = os.path.dirname(os.path.realpath(__file__))


def _load():
    global WEB_DIRECTORY
    source = os.path.join(_HERE, "src")
    # This folder's own code, also where another Blockloom is installed.
    if os.path.isdir(os.path.join(source, "blockloom")) and source not in sys.path:
        sys.path.insert(0, source)
    from blockloom.comfyui.pack import make_pack

    pack = make_pack()
    NODE_CLASS_MAPPINGS.update(pack.classes)
    NODE_DISPLAY_NAME_MAPPINGS.update(pack.titles)
    if not pack.classes:
        # Without nodes, or where another copy of the pack has them, nothing for the browser.
        WEB_DIRECTORY = None


def _is_inside_comfyui():
    return all(importlib.util.find_spec(name) for name in ("folder_paths", "comfy"))


if _is_inside_comfyui():
    try:
        _load()
    except Exception:
        logging.getLogger(__name__).exception(
            "Blockloom cannot be loaded; ComfyUI goes on without it. "
            "Are its requirements installed? pip install -r %s",
            os.path.join(_HERE, "requirements.txt"),
        )

__all__ = ["NODE_CLASS_MAPPINGS", "NODE_DISPLAY_NAME_MAPPINGS", "WEB_DIRECTORY"]
