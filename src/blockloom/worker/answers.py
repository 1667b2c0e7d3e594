"""Questions about runs, and about graphs that have not run; answered from what this process keeps.

Nothing is run to answer one. Each question's arguments and answer are documented at its function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from blockloom.bridge.items import item_of
from blockloom.bridge.latent_colours import LatentColours
from blockloom.bridge.statistics import statistics_of
from blockloom.bridge.thumbnails import DEFAULT_SIDE, thumbnail
from blockloom.bridge.value_files import as_png, value_file
from blockloom.catalogue.as_json import to_json
from blockloom.errors import NotFoundError, UsageError
from blockloom.execution.session import RunOptions, RunReport, Session
from blockloom.execution.views import Host
from blockloom.graph.file import read_graph
from blockloom.graph.model import Json
from blockloom.jobs.messages import Ask
from blockloom.wiring import Workshop
from blockloom.worker.run_values import (
    ToldValues,
    block_state_json,
    block_states_json,
    component_keys,
    find_step_value,
    find_value,
    step_json,
    whole_state_json,
)

_MAX_SIDE = 1024


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: JSON, and bytes where there are any."""

    content: Json
    blob: bytes | None = None
    content_type: str = ""


class KnownReports(Protocol):
    """Where the reports of runs are found."""

    def get(self, job_id: str) -> RunReport:
        """The report of a job. Raises NotFoundError."""


@dataclass(frozen=True, slots=True)
class AnswerBook:
    """What answers are drawn from. ``planning`` is a session that nothing runs in."""

    workshop: Workshop
    planning: Session
    colours: LatentColours
    reports: KnownReports


def answer_question(book: AnswerBook, ask: Ask) -> Found:
    """Answer a question. Raises NotFoundError or UsageError with the reason where it cannot."""
    answer = _ANSWERS.get(ask["what"])
    if answer is None:
        raise UsageError(f'A worker cannot be asked for "{ask["what"]}".')
    return answer(book, ask)


def _block_state(book: AnswerBook, ask: Ask) -> Found:
    """``{node_id}`` -> what the node read and wrote, each value with a summary while it is kept."""
    with _report_of(book, ask) as report:
        return Found(block_state_json(ToldValues(report), _text(ask, "node_id")))


def _block_states(book: AnswerBook, ask: Ask) -> Found:
    """-> the block states of all nodes of the run, as ``block_state`` gives each of them."""
    with _report_of(book, ask) as report:
        return Found(block_states_json(ToldValues(report)))


def _state(book: AnswerBook, ask: Ask) -> Found:
    """``{node_id}`` -> every value on the main wire behind the node."""
    with _report_of(book, ask) as report:
        return Found(whole_state_json(ToldValues(report), _text(ask, "node_id")))


def _steps(book: AnswerBook, ask: Ask) -> Found:
    """``{node_id}`` -> the values that were new after each step of the node's loop, so far."""
    with _report_of(book, ask) as report:
        steps = report.steps(_text(ask, "node_id"), is_only_looked_at=True)
        return Found({"steps": [step_json(step) for step in steps]})


def _value(book: AnswerBook, ask: Ask) -> Found:
    """``{node_id, name, step?, side?, items?, form, rate?}`` -> a value as a file.

    ``items`` is the path to a value inside it, as summaries name what is inside; ``rate`` that of
    frames or samples that carry none.
    """
    rate = ask["arguments"].get("rate", 0)
    with _report_of(book, ask) as report:
        found = _value_of(report, ask)
        file = value_file(found, _text(ask, "form"), rate if isinstance(rate, int | float) else 0)
        return Found({"size": len(file.data)}, file.data, file.content_type)


def _statistics(book: AnswerBook, ask: Ask) -> Found:
    """``{node_id, name, step?, side?, items?, per_channel?}`` -> numbers about its numbers."""
    is_told_apart = ask["arguments"].get("per_channel") is True
    with _report_of(book, ask) as report:
        found = statistics_of(_value_of(report, ask), per_channel=is_told_apart)
        return Found(found.to_json())


def _thumbnail(book: AnswerBook, ask: Ask) -> Found:
    """``{node_id, name, step?, side?, items?, size?}`` -> a small picture (PNG) of a value."""
    size = ask["arguments"].get("size", DEFAULT_SIDE)
    if type(size) is not int or not 1 <= size <= _MAX_SIDE:
        raise UsageError(f"The size of a thumbnail is a whole number from 1 to {_MAX_SIDE}.")
    with _report_of(book, ask) as report:
        keys = component_keys(report, _text(ask, "node_id"))
        draw = partial(book.colours.preview, keys=keys)
        image = thumbnail(_value_of(report, ask), size, draw)
    if image is None:
        raise NotFoundError("There is no picture to make of this value.")
    return Found({"width": image.width, "height": image.height}, as_png(image), "image/png")


def _plan(book: AnswerBook, ask: Ask) -> Found:
    """``{graph, targets?, seed?, output_folder?, temporary_folder?, input_folders?}`` -> of each
    needed node whether it would run in these folders or is kept."""
    graph = read_graph(ask["arguments"].get("graph"))
    targets, seed = ask["arguments"].get("targets", []), ask["arguments"].get("seed")
    options = RunOptions(
        targets=tuple(str(item) for item in targets) if isinstance(targets, list) else (),
        seed=seed if type(seed) is int else None,
        host=_host(ask),
    )
    prospects = book.planning.plan(graph, options)
    return Found({"nodes": {node_id: found.value for node_id, found in prospects.items()}})


def _host(ask: Ask) -> Host:
    given = ask["arguments"]
    output, temporary = given.get("output_folder"), given.get("temporary_folder")
    inputs = given.get("input_folders")
    return Host(
        output_folder=Path(output if isinstance(output, str) else "output"),
        temporary_folder=Path(temporary) if isinstance(temporary, str) else None,
        input_folders=tuple(map(Path, map(str, inputs))) if isinstance(inputs, list) else (),
    )


def _branches(book: AnswerBook, ask: Ask) -> Found:
    """``{graph}`` -> the branch each conditional takes, and those that only a run decides."""
    report = book.planning.check(read_graph(ask["arguments"].get("graph")))
    return Found(
        {
            "branches": {node_id: dict(taken) for node_id, taken in report.branches.items()},
            "undecided": {node_id: list(paths) for node_id, paths in report.undecided.items()},
        }
    )


def _own_types(book: AnswerBook, ask: Ask) -> Found:
    """-> the node types that node files define, for a catalogue that was read without torch.

    Asked as "reload", the worker has read all of them anew before this is answered.
    """
    catalogue = book.workshop.catalogue
    own = [catalogue.types[type_id] for type_id in book.workshop.own_types]
    return Found(
        {
            "types": [to_json(node_type) for node_type in own],
            "problems": [*catalogue.file_problems],
            "broken": {**catalogue.broken},
        }
    )


@contextmanager
def _report_of(book: AnswerBook, ask: Ask) -> Iterator[RunReport]:
    """The report of the job a question is about.

    Looking at values pins them, and brings them back to the device. Where no job runs that would
    end it, that is undone here.
    """
    report = book.reports.get(ask["job_id"])
    try:
        yield report
    finally:
        if report.lock.acquire(blocking=False):
            try:
                book.planning.store.release()
            finally:
                report.lock.release()


def _value_of(report: RunReport, ask: Ask) -> object:
    node_id, name = _text(ask, "node_id"), _text(ask, "name")
    step, side = ask["arguments"].get("step"), ask["arguments"].get("side", "")
    if type(step) is int:
        found = find_step_value(report, node_id, name, step)
    else:
        found = find_value(report, node_id, name, side=side if isinstance(side, str) else "")
    items = ask["arguments"].get("items", [])
    return item_of(found, [str(item) for item in items] if isinstance(items, list) else [])


def _text(ask: Ask, name: str) -> str:
    given = ask["arguments"].get(name)
    if not isinstance(given, str):
        raise UsageError(f'The question "{ask["what"]}" needs "{name}", a text.')
    return given


Answerer = Callable[[AnswerBook, Ask], Found]

_ANSWERS: dict[str, Answerer] = {
    "block_state": _block_state,
    "block_states": _block_states,
    "state": _state,
    "steps": _steps,
    "value": _value,
    "statistics": _statistics,
    "thumbnail": _thumbnail,
    "plan": _plan,
    "branches": _branches,
    "own_types": _own_types,
    "reload": _own_types,
}
