"""The graph file: what is posted to ``/prompt``, read into a Graph and written from it."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from blockloom.errors import GraphError, NotFoundError, Place, Problem, UsageError
from blockloom.graph.json_value import (
    MAX_DEPTH,
    Report,
    check_text,
    parse_json,
    plain_copy,
    quoted,
    report_repeated,
)
from blockloom.graph.model import Graph, Input, Json, Link, Literal, Node

MAX_NODES = 10_000
MAX_INPUTS = 200_000
MAX_BYTES = 64 * 1024 * 1024
_WRAPPED = "__value__"
_WRAP_REMEDY = f'Wrap it: {{"{_WRAPPED}": [...]}}.'
_LINK_REMEDY = 'A link is [node id, output name], for example ["model", "pipeline"].'


def read_graph(data: bytes | str | Json) -> Graph:
    """Read a graph from a file's content (bytes or text) or from parsed JSON.

    Raises GraphError with every problem found; what is read shares nothing with ``data``.
    """
    problems: list[Problem] = []
    document = _parse(data) if isinstance(data, (bytes, str)) else data
    try:
        graph = _read_document(document, problems)
    except RecursionError:
        raise GraphError([_too_deep()]) from None
    if problems:
        raise GraphError(problems)
    return graph


def load_graph(path: str | Path) -> Graph:
    """Read a graph file; raises NotFoundError, UsageError or GraphError."""
    return read_graph(load_document(path))


def load_document(path: str | Path) -> Json:
    """What a JSON file holds, whatever it is; raises as :func:`load_graph`."""
    file = Path(path)
    try:
        if file.is_file() and file.stat().st_size > MAX_BYTES:
            raise GraphError([_too_large()])
        data = file.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f'There is no graph file "{path}".', remedy="Check the path.") from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f'The graph file "{path}" cannot be read: {error}.', remedy="Check the path."
        ) from None
    return _parse(data)


def graph_to_json(graph: Graph) -> dict[str, Json]:
    """The graph as its file's content; links and values are written as they were read."""
    prompt: dict[str, Json] = {node.id: _node_to_json(node) for node in graph.nodes.values()}
    return {"prompt": prompt, "extra": dict(graph.extra)}


def save_graph(graph: Graph, path: str | Path) -> None:
    """Write a graph file: either all of it or, if anything fails, nothing.

    Raises GraphError for a graph that could not be read back, UsageError if the place is unusable.
    """
    document = graph_to_json(graph)
    read_graph(document)
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    file = Path(path)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            draft.unlink()
        raise UsageError(
            f'The graph cannot be saved as "{path}": {error}.', remedy="Choose another place."
        ) from None


def _node_to_json(node: Node) -> dict[str, Json]:
    written: dict[str, Json] = {
        "class_type": node.class_type,
        "inputs": {name: _input_to_json(value) for name, value in node.inputs.items()},
    }
    if node.meta:
        written["_meta"] = dict(node.meta)
    return written


def _input_to_json(value: Input) -> Json:
    if isinstance(value, Link):
        return [value.node_id, value.output]
    needs_wrap = isinstance(value.value, list) or (
        isinstance(value.value, dict) and _WRAPPED in value.value
    )
    return {_WRAPPED: value.value} if needs_wrap else value.value


def _parse(data: bytes | str) -> Json:
    if len(data) > MAX_BYTES:
        raise GraphError([_too_large()])
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    except UnicodeDecodeError as error:
        raise GraphError(
            [
                Problem(
                    "not_json",
                    Place(),
                    f"The file is not UTF-8 text (byte {error.start}).",
                    "Choose a graph saved as JSON.",
                )
            ]
        ) from None
    try:
        return parse_json(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        message = f"The file is no valid JSON: {error.msg} ({where})."
        raise GraphError(
            [Problem("not_json", Place(), message, "Correct it there, or save the graph again.")]
        ) from None
    except RecursionError:
        raise GraphError([_too_deep()]) from None


def _too_large() -> Problem:
    size = MAX_BYTES // (1024 * 1024)
    return Problem(
        "too_large",
        Place(),
        f"The graph is larger than {size} MB.",
        "Keep pictures in files of their own, beside the graph.",
    )


def _too_deep() -> Problem:
    return Problem(
        "too_deep",
        Place(),
        f"Lists and objects are nested more than {MAX_DEPTH} deep.",
        "Flatten the values.",
    )


@dataclass(slots=True)
class _Reporter:
    """Takes what is wrong with the place that is being read, and goes along with the reading."""

    problems: list[Problem]
    node_id: str | None = None
    class_type: str | None = None
    socket: str | None = None

    def __call__(self, code: str, message: str, remedy: str) -> None:
        place = Place(self.node_id, self.class_type, self.socket)
        self.problems.append(Problem(code, place, message, remedy))


def _read_document(document: object, problems: list[Problem]) -> Graph:
    report = _Reporter(problems)
    if not isinstance(document, dict):
        report("not_a_graph", "A graph file holds one JSON object.", "Choose another file.")
        return Graph()
    report_repeated(document, report)
    is_wrapped = "prompt" in document and not _looks_like_node(document["prompt"])
    prompt = document["prompt"] if is_wrapped else document
    if not isinstance(prompt, dict):
        report(
            "not_a_graph", '"prompt" has to be an object of nodes by id.', "Choose another file."
        )
        return Graph()
    if isinstance(prompt.get("nodes"), list):
        report(
            "not_a_graph",
            "This is a workflow in the format of ComfyUI's editor, which names inputs by position.",
            "In ComfyUI, choose Workflow > Export (API), and open that file.",
        )
        return Graph()
    if prompt is not document:
        report_repeated(prompt, report)
    if len(prompt) > MAX_NODES:
        report(
            "too_many_nodes",
            f"The graph has {len(prompt)} nodes; {MAX_NODES} are allowed.",
            "Split it into several graphs.",
        )
        return Graph()
    if (count := _count_inputs(prompt)) > MAX_INPUTS:
        report(
            "too_many_inputs",
            f"The nodes have {count} inputs together; {MAX_INPUTS} are allowed.",
            "Split the graph into several ones.",
        )
        return Graph()
    nodes = (_read_node(key, value, _Reporter(problems)) for key, value in prompt.items())
    return Graph(
        nodes={node.id: node for node in nodes if node is not None},
        extra=_read_extra(document, report) if is_wrapped else {},
    )


def _count_inputs(prompt: dict[str, Json]) -> int:
    given = (node.get("inputs") for node in prompt.values() if isinstance(node, dict))
    return sum(len(inputs) for inputs in given if isinstance(inputs, dict))


def _looks_like_node(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("class_type"), str)


def _read_extra(document: dict[str, Json], report: Report) -> dict[str, Json]:
    def report_there(code: str, message: str, remedy: str) -> None:
        report("bad_extra", f'In "extra": {message}', remedy)

    extra = plain_copy(document.get("extra", {}), report_there)
    if isinstance(extra, dict):
        return extra
    report("bad_extra", '"extra" has to be an object.', "Remove it, or write an object.")
    return {}


def _read_node(key: object, value: object, report: _Reporter) -> Node | None:
    if not isinstance(key, str) or not key:
        report("bad_node", f"The node id {key!r:.80} is no text.", "Give the node a name.")
        return None
    report.node_id = key
    check_text(key, report)
    if not isinstance(value, dict):
        report(
            "bad_node", "A node has to be an object.", 'Write {"class_type": ..., "inputs": ...}.'
        )
        return None
    report_repeated(value, report)
    class_type = value.get("class_type")
    if not isinstance(class_type, str) or not class_type:
        report("bad_node", 'The node has no "class_type".', "Write which node type it is.")
        class_type = ""
    check_text(class_type, report)
    report.class_type = class_type or None
    meta = plain_copy(value.get("_meta", {}), report)
    if not isinstance(meta, dict):
        report("bad_meta", '"_meta" has to be an object.', "Remove it, or write an object.")
        meta = {}
    inputs = _read_inputs(value.get("inputs", {}), report)
    return Node(str(key), str(class_type), inputs, meta)


def _read_inputs(value: object, report: _Reporter) -> dict[str, Input]:
    if not isinstance(value, dict):
        report("bad_node", '"inputs" has to be an object.', "Write inputs by name.")
        return {}
    report_repeated(value, report)
    inputs: dict[str, Input] = {}
    for name, given in value.items():
        if not isinstance(name, str) or not name:
            report.socket = None
            report("bad_node", f"The input name {name!r:.80} is no text.", "Give it a name.")
            continue
        report.socket = name
        check_text(name, report)
        inputs[str(name)] = _read_input(given, report)
    return inputs


def _read_input(given: object, report: Report) -> Input:
    if isinstance(given, list):
        return _read_link(given, report)
    if isinstance(given, dict) and _WRAPPED in given:
        report_repeated(given, report)
        if given.keys() - {_WRAPPED, "__type__"}:
            report(
                "bad_value",
                f'An object with "{_WRAPPED}" may hold nothing else.',
                f'Wrap the whole object: {{"{_WRAPPED}": {{...}}}}.',
            )
        return Literal(plain_copy(given[_WRAPPED], report))
    return Literal(plain_copy(given, report))


def _read_link(given: list[Json], report: Report) -> Input:
    node_id = given[0] if len(given) == 2 else None
    if not isinstance(node_id, str):
        report("bad_value", "A list that is a value has to be wrapped.", _WRAP_REMEDY)
        return Literal(None)
    check_text(node_id, report)
    output = given[1]
    if isinstance(output, str):
        check_text(output, report)
        return Link(str(node_id), str(output))
    if isinstance(output, int) and not isinstance(output, bool) and output >= 0:
        return Link(str(node_id), output)
    report(
        "bad_link",
        f"The link to node {quoted(node_id)} names no output.",
        f"{_LINK_REMEDY} If it is a list of values: {_WRAP_REMEDY}",
    )
    return Literal(None)
