"""``blockloom run``: a graph becomes files, without an editor."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blockloom.cli import exit_code
from blockloom.cli.check import error_json
from blockloom.cli.graph_files import find_graph, open_graph
from blockloom.cli.overrides import Setting, apply_settings, parse_setting, settings_from_json
from blockloom.cli.progress import show_progress
from blockloom.cli.terminal import complain, note, say, say_json
from blockloom.cli.wiring import Workshop, open_session, open_workshop
from blockloom.errors import (
    BlockloomError,
    Cancelled,
    NotFoundError,
    UsageError,
)
from blockloom.execution.cancel import CancelController, CancelToken
from blockloom.execution.session import RunOptions, RunReport, Session
from blockloom.execution.views import Host
from blockloom.graph.check import check_graph
from blockloom.graph.model import Graph, Json


@dataclass(frozen=True, slots=True)
class Job:
    """A graph as it is on disk, and how it is to be run."""

    graph: Graph
    path: Path
    workshop: Workshop
    session: Session
    options: argparse.Namespace
    cancel: CancelToken


def main(options: argparse.Namespace) -> int:
    """Run a graph, and once more for each line of ``--repeat``."""
    try:
        return _main(options)
    except BlockloomError as error:
        if options.json:
            say_json(error_json(error))
        raise


def _main(options: argparse.Namespace) -> int:
    settings = [parse_setting(text) for text in options.settings]
    path = find_graph(options.graph)
    lines = _lines_of(options.repeat) if options.repeat else None
    workshop = open_workshop(options)
    graph = open_graph(path, workshop.catalogue)
    # Whatever can be said without loading torch is said before that.
    checked = apply_settings(graph, workshop.catalogue, settings).graph
    check_graph(checked, workshop.catalogue, options.to).raise_if_failed()
    with _cancelled_by_signals() as cancel:
        job = Job(graph, path, workshop, open_session(workshop), options, cancel)
        if lines is None:
            return _run_once(job, settings)
        return _run_repeatedly(job, settings, lines)


def _run_once(job: Job, settings: list[Setting]) -> int:
    report = _run(job, settings)
    if job.options.json:
        say_json(_report_json(report))
        return 0
    for node_id, texts in report.shown.items():
        say(*(f"{node_id}: {text}" for text in texts if isinstance(text, str)))
    say(*(file["path"] for files in report.outputs.values() for file in files))
    seed = "" if report.seed is None else f"seed {report.seed}, "
    note(f"Done: {seed}{report.seconds:.1f} s, {len(report.ran)} ran, {len(report.kept)} kept.")
    return 0


def _run_repeatedly(job: Job, settings: list[Setting], lines: Iterator[str]) -> int:
    """Run for each line; a line that fails is reported in its object, and the next one goes on."""
    code = 0
    source = "the input" if job.options.repeat == "-" else job.options.repeat
    for number, line in enumerate(_with_first(lines)):
        if not line.strip():
            continue
        try:
            changes = settings_from_json(line, f"Line {number} of {source}")
            say_json(_report_json(_run(job, [*settings, *changes])), is_compact=True)
        except Cancelled:
            raise
        except BlockloomError as error:
            say_json(error_json(error), is_compact=True)
            complain(error, with_details=job.options.details)
            code = code or exit_code(error)
    return code


def _with_first(lines: Iterator[str]) -> Iterator[str]:
    """The graph as it is, then each line."""
    yield "{}"
    yield from lines


def _run(job: Job, settings: list[Setting]) -> RunReport:
    prepared = apply_settings(job.graph, job.workshop.catalogue, settings)
    host = Host(
        output_folder=job.options.out,
        input_folders=(
            *job.options.input,
            job.path.absolute().parent,
            job.workshop.settings.inputs,
        ),
        input_files=prepared.input_files,
    )
    # What a node prints must not come between the results.
    with show_progress(prepared.graph) as listen, contextlib.redirect_stdout(sys.stderr):
        return job.session.run(
            prepared.graph,
            RunOptions(targets=tuple(job.options.to), host=host, cancel=job.cancel, listen=listen),
        )


@contextlib.contextmanager
def _cancelled_by_signals() -> Iterator[CancelToken]:
    """A token that Ctrl-C cancels; a second Ctrl-C does not wait for the step to end."""
    controller = CancelController()

    def cancel(number: int, frame: object) -> None:
        if controller.token.is_cancelled:
            raise KeyboardInterrupt
        controller.cancel()
        note("Stopping after this step; press Ctrl-C again to stop at once.")

    earlier = {number: signal.signal(number, cancel) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield controller.token
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _lines_of(name: str) -> Iterator[str]:
    if name == "-":
        return iter(sys.stdin)
    try:
        return iter(Path(name).read_text(encoding="utf-8").splitlines())
    except FileNotFoundError as error:
        raise NotFoundError(f'There is no file "{name}" to repeat for.') from error
    except (OSError, ValueError) as error:
        raise UsageError(f'"{name}" cannot be read as text: {error}.') from error


def _report_json(report: RunReport) -> Json:
    outputs: dict[str, Json] = {
        node_id: [file["path"] for file in files] for node_id, files in report.outputs.items()
    }
    texts: dict[str, Json] = {
        node_id: [text for text in shown if isinstance(text, str)]
        for node_id, shown in report.shown.items()
    }
    result: dict[str, Json] = {
        "outputs": outputs,
        "seed": report.seed,
        "seconds": round(report.seconds, 3),
        "ran": list(report.ran),
        "kept": list(report.kept),
    }
    return {**result, "texts": texts} if any(texts.values()) else result
