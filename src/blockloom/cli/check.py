"""``blockloom check``: whether a graph can run, and where each of its values comes from."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping

from blockloom.cli.graph_files import find_graph, open_graph
from blockloom.cli.overrides import apply_settings, parse_setting
from blockloom.cli.terminal import columns, complain, say, say_json
from blockloom.cli.wiring import open_workshop
from blockloom.errors import BlockloomError, GraphError, NodeFailed
from blockloom.graph.check import CheckReport, check_graph
from blockloom.graph.check_json import problem_json, report_json
from blockloom.graph.flow import Default, Gathered, Inherited, Linked, Source, Typed
from blockloom.graph.model import Graph, Json

_LONGEST_VALUE = 60


def main(options: argparse.Namespace) -> int:
    """Check a graph; 0 if it can run, else 2."""
    try:
        return _main(options)
    except BlockloomError as error:
        if options.json:
            say_json(error_json(error))
        raise


def _main(options: argparse.Namespace) -> int:
    settings = [parse_setting(text) for text in options.settings]
    path = find_graph(options.graph)
    types = open_workshop(options).catalogue
    graph = open_graph(path, types)
    graph = apply_settings(graph, types, settings).graph
    report = check_graph(graph, types)
    if options.json:
        say_json(report_json(graph, report))
    else:
        if report.problems:
            complain(GraphError(report.problems))
        if not report.errors:
            say(*_report_lines(graph, report))
    return 2 if report.errors else 0


def _report_lines(graph: Graph, report: CheckReport) -> list[str]:
    """Every node in running order with what it reads, for people."""
    lines = []
    unneeded = [node_id for node_id in graph.nodes if node_id not in report.order]
    for node_id in [*report.order, *unneeded]:
        remark = "" if node_id in report.order else "  (not needed for what is saved or shown)"
        lines.append(f"{node_id}  {graph.nodes[node_id].class_type}{remark}")
        lines += _source_lines(report.sources.get(node_id, {}))
        for path, branch in report.branches.get(node_id, ()):
            lines.append(f"    branch of {path or 'this block'}: {branch or 'skipped'}")
        for path in report.undecided.get(node_id, ()):
            lines.append(f"    branch of {path or 'this block'}: decided during the run")
    count = len(report.order)
    return [*lines, f"The graph can run: {count} node{'' if count == 1 else 's'}."]


def _source_lines(sources: Mapping[str, Source]) -> list[str]:
    rows, defaults, empty = [], [], []
    for name, source in sources.items():
        if not isinstance(source, Default):
            rows.append((name, _source_text(source)))
        elif source.value is None and not source.text:
            empty.append(name)
        else:
            defaults.append(f"{name} {_shown_default(source)}")
    lines = columns(rows, indent="    ")
    if defaults:
        lines.append(f"    by default: {', '.join(defaults)}")
    if empty:
        lines.append(f"    not given: {', '.join(empty)}")
    return lines


def _source_text(source: Source) -> str:
    if isinstance(source, Linked):
        return f"from node {source.node_id}, output {source.output}"
    if isinstance(source, Typed):
        return f"typed here: {_shown(source.value)}"
    if isinstance(source, Inherited):
        certainty = "" if source.is_certain else ", perhaps"
        return f"from the main wire, written by {source.node_id}{certainty}"
    if isinstance(source, Gathered):
        fields = ", ".join(f"{name} ({writer})" for name, writer in source.fields.items())
        return f"gathered from the main wire: {fields or 'nothing'}"
    return f"by default: {_shown_default(source)}" if isinstance(source, Default) else "missing"


def _shown_default(source: Default) -> str:
    return source.text or _shown(source.value)


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def error_json(error: BlockloomError) -> Json:
    """An error for programs; a graph's problems one by one."""
    problems = error.problems if isinstance(error, GraphError) else ()
    place = error.place if isinstance(error, NodeFailed) else None
    return {
        "error": str(error),
        "node": place.node_id if place else None,
        "problems": [problem_json(problem) for problem in problems],
    }
