"""What a check found out, as JSON for programs."""

from __future__ import annotations

from blockloom.errors import Problem
from blockloom.graph.check import CheckReport
from blockloom.graph.flow import Gathered, Inherited, Linked, Missing, Source, Typed
from blockloom.graph.model import Graph, Json


def report_json(graph: Graph, report: CheckReport) -> dict[str, Json]:
    """A whole report: problems, running order, and of every node its sources and branches."""
    nodes: dict[str, Json] = {}
    for node_id, node in graph.nodes.items():
        sources = report.sources.get(node_id, {})
        nodes[node_id] = {
            "class_type": node.class_type,
            "inputs": {name: source_json(source) for name, source in sources.items()},
            "branches": dict(report.branches.get(node_id, ())),
            "undecided": list(report.undecided.get(node_id, ())),
        }
    return {
        "can_run": not report.errors,
        "problems": [problem_json(problem) for problem in report.problems],
        "order": list(report.order),
        "nodes": nodes,
    }


def problem_json(problem: Problem) -> dict[str, Json]:
    """One problem with its place."""
    place = problem.place
    return {
        "code": problem.code,
        "node": place.node_id,
        "class_type": place.class_type,
        "socket": place.socket,
        "side": place.side if place.socket is not None else None,
        "message": problem.message,
        "remedy": problem.remedy,
        "is_warning": problem.is_warning,
    }


def source_json(source: Source) -> dict[str, Json]:
    """Where an input gets its value."""
    if isinstance(source, Linked):
        return {"from": "link", "node": source.node_id, "output": source.output}
    if isinstance(source, Typed):
        return {"from": "typed", "value": source.value}
    if isinstance(source, Inherited):
        return {
            "from": "state",
            "node": source.node_id,
            "name": source.name,
            "is_certain": source.is_certain,
        }
    if isinstance(source, Gathered):
        return {"from": "bundle", "fields": dict(source.fields)}
    if isinstance(source, Missing):
        return {"from": "nowhere"}
    return {"from": "default", "value": source.value, "text": source.text}
