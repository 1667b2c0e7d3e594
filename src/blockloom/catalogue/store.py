"""The catalogue on disk: one JSON file, read without torch, node types built as they are asked for.

Sockets that many blocks share are written once; a node type holds their numbers.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata
from pathlib import Path

from blockloom import __version__
from blockloom.catalogue.as_json import (
    JsonObject,
    input_from_json,
    node_type_from_json,
    output_from_json,
    pipeline_from_json,
    to_json,
)
from blockloom.catalogue.catalogue import Catalogue
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, NodeType, OutputSocket

SCHEMA = 3
MADE_FROM = ("diffusers", "transformers", "torch")
FILES_KEPT = 4
"""Catalogues of so many environments stay: of this one, and of a ComfyUI's beside it."""
DESCRIBED_BY = (
    "block_kinds",
    "blocks",
    "build_catalogue",
    "component_types",
    "describe",
    "guess_types",
    "json_values",
    "loop_calls",
    "open_steps",
    "presets",
    "selections",
    "survey",
    "titles",
    "widgets",
)


def open_catalogue(folder: Path, build: Callable[[], Catalogue]) -> Catalogue:
    """The catalogue in a folder, if it was made from the installed versions.

    Otherwise, also when the file is damaged, ``build`` makes it anew and it is written.
    """
    versions = installed_versions()
    path = catalogue_file(folder, versions)
    found = read_catalogue(path, versions)
    if found is not None:
        return found
    built = build()
    made = Catalogue(built.types, built.pipelines, built.problems, versions)
    with contextlib.suppress(OSError):  # a folder that cannot be written only costs time next time
        write_catalogue(path, made)
        _forget_old(folder)
    return made


def catalogue_file(folder: Path, versions: Mapping[str, str]) -> Path:
    """Where the catalogue of these versions is kept."""
    text = json.dumps(dict(sorted(versions.items())))
    return folder / f"catalogue-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"


def _forget_old(folder: Path) -> None:
    """Remove all catalogues but the ones written last."""
    found = sorted(folder.glob("catalogue*.json"), key=lambda path: path.stat().st_mtime)
    for path in found[:-FILES_KEPT]:
        path.unlink(missing_ok=True)


def installed_versions() -> dict[str, str]:
    """The versions a catalogue depends on, read without importing anything.

    Blockloom's own goes down to the text of the modules that describe blocks.
    """
    versions = {"blockloom": __version__}
    for name in MADE_FROM:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = ""
    digest = hashlib.sha256()
    room = Path(__file__).parent.parent / "bridge"
    for path in sorted(room / f"{name}.py" for name in DESCRIBED_BY):
        digest.update(path.read_bytes() if path.exists() else b"")
    versions["bridge"] = digest.hexdigest()[:16]
    return versions


def write_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue; a reader sees the old file or the whole new one."""
    text = json.dumps(_pooled(catalogue), ensure_ascii=False, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_catalogue(path: Path, versions: Mapping[str, str] | None = None) -> Catalogue | None:
    """The catalogue in a file; None if there is none, it is damaged, or of other versions."""
    was_enabled = gc.isenabled()
    gc.disable()  # thousands of small objects that all stay: collecting doubles the time
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        is_ours = isinstance(found, dict) and found.get("schema") == SCHEMA
        if not is_ours or (versions is not None and found.get("versions") != dict(versions)):
            return None
        return Catalogue(
            types=StoredTypes(found),
            pipelines={item["name"]: pipeline_from_json(item) for item in found["pipelines"]},
            problems=tuple(str(line) for line in found["problems"]),
            versions={str(name): str(version) for name, version in found["versions"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    finally:
        if was_enabled:
            gc.enable()


class StoredTypes(Mapping[str, NodeType]):
    """Node types of a catalogue file, each built the first time it is asked for."""

    def __init__(self, stored: JsonObject) -> None:
        types, inputs, outputs = stored["types"], stored["inputs"], stored["outputs"]
        if not (isinstance(types, dict) and isinstance(inputs, list) and isinstance(outputs, list)):
            raise TypeError("not a catalogue")
        self._stored = types
        self._inputs = [input_from_json(item) for item in inputs if isinstance(item, dict)]
        self._outputs = [output_from_json(item) for item in outputs if isinstance(item, dict)]
        self._built: dict[str, NodeType] = {}

    def __getitem__(self, type_id: str) -> NodeType:
        if type_id not in self._built:
            self._built[type_id] = self._build(type_id)
        return self._built[type_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __contains__(self, type_id: object) -> bool:
        return type_id in self._stored

    def _build(self, type_id: str) -> NodeType:
        stored = self._stored[type_id]
        if not isinstance(stored, dict):
            raise TypeError(type_id)
        return node_type_from_json(
            {**stored, "id": type_id},
            tuple(self._inputs[number] for number in _numbers(stored, "inputs")),
            tuple(self._outputs[number] for number in _numbers(stored, "outputs")),
        )


def _numbers(stored: JsonObject, name: str) -> list[int]:
    found = stored.get(name, [])
    return [item for item in found if isinstance(item, int)] if isinstance(found, list) else []


def _pooled(catalogue: Catalogue) -> JsonObject:
    """A catalogue as JSON with every distinct socket once."""
    inputs: dict[str, int] = {}
    outputs: dict[str, int] = {}
    types: JsonObject = {}
    for type_id, node_type in catalogue.types.items():
        stored = to_json(node_type)
        del stored["id"]
        stored["inputs"] = [_number_of(socket, inputs) for socket in node_type.inputs]
        stored["outputs"] = [_number_of(socket, outputs) for socket in node_type.outputs]
        types[type_id] = stored
    return {
        "schema": SCHEMA,
        "versions": dict(catalogue.versions),
        "problems": list(catalogue.problems),
        "pipelines": [to_json(entry) for entry in catalogue.pipelines.values()],
        "inputs": [json.loads(text) for text in inputs],
        "outputs": [json.loads(text) for text in outputs],
        "types": types,
    }


def _number_of(socket: InputSocket | OutputSocket, pool: dict[str, int]) -> Json:
    text = json.dumps(to_json(socket), ensure_ascii=False, separators=(",", ":"))
    return pool.setdefault(text, len(pool))
