"""Empty modules in the place of what ComfyUI imports as it starts, and cannot where this is on the
path: ``BLOCKLOOM_STAND_INS`` names them (torchvision, torchaudio). Whoever asks whether they are
installed is told the truth, so that no other library counts on them.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

_NAMES = tuple(os.environ.get("BLOCKLOOM_STAND_INS", "").split())
_find_spec = importlib.util.find_spec


def _empty(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = []
    sys.modules[name] = module
    return module


def _find_other(name: str, package: str | None = None) -> ModuleSpec | None:
    return None if name.partition(".")[0] in _NAMES else _find_spec(name, package)


for _name in _NAMES:
    _module = _empty(_name)
    _module.__dict__["__version__"] = "0.0.0"
    for _part in ("transforms", "models", "functional"):
        _module.__dict__[_part] = _empty(f"{_name}.{_part}")
if _NAMES:
    importlib.util.find_spec = _find_other
