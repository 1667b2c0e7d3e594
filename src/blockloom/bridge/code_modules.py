"""Code that was read and looked at becomes modules; nothing is read from disk again to run it."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

from blockloom.trust import Code

_PREFIX = "blockloom_repository_"


def import_from(code: Code, name: str) -> ModuleType:
    """Import a module of a repository, such as ``block`` or ``parts.model``.

    Whoever calls this has made sure that the code is trusted. Raises whatever the code raises.
    """
    place = hashlib.sha256(f"{code.folder}\n{code.digest}".encode("utf-8", "surrogateescape"))
    package = f"{_PREFIX}{place.hexdigest()[:16]}"
    _FINDER.codes.setdefault(package, code)
    if _FINDER not in sys.meta_path:
        sys.meta_path.append(_FINDER)
    return importlib.import_module(f"{package}.{name}")


class _Finder(MetaPathFinder):
    """Finds modules in code that is in memory, each repository a package of its own."""

    def __init__(self) -> None:
        self.codes: dict[str, Code] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, rest = fullname.partition(".")
        code = self.codes.get(package)
        if code is None:
            return None
        name = rest.replace(".", "/")
        if f"{name}.py" in code.files:
            return _spec(fullname, code, f"{name}.py", is_package=False)
        inside = f"{name}/" if name else ""
        # What diffusers takes for a repository's code is its modules; its own package runs nothing.
        if not name or any(file.startswith(inside) for file in code.files):
            return _spec(fullname, code, f"{inside}__init__.py", is_package=True, is_run=bool(name))
        return None


def _spec(
    fullname: str, code: Code, file: str, *, is_package: bool, is_run: bool = True
) -> ModuleSpec:
    loader = _Loader(code.files.get(file, b"") if is_run else b"", str(code.folder / file))
    spec = ModuleSpec(fullname, loader, origin=loader.origin, is_package=is_package)
    spec.has_location = True
    return spec


class _Loader(InspectLoader):
    def __init__(self, source: bytes, origin: str) -> None:
        self.source = source
        self.origin = origin

    def get_source(self, fullname: str) -> str:
        return importlib.util.decode_source(self.source)

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.source, self.origin)

    def exec_module(self, module: ModuleType) -> None:
        exec(self.get_code(module.__name__), module.__dict__)


_FINDER = _Finder()
