"""Long chains of trivial nodes, as prompts, and how long a session takes for them in this process.

``passed_on`` is the chain the original was measured with: whole numbers handed on by PrimitiveInt.
All its nodes make the same value and so share one key: once one of them has run, the others are
kept. In the other two every node has a key of its own, and runs when nothing is kept:
``told_apart`` hands on one value as well, through Switch nodes each with a number of its own, and
in ``counted`` every node really reads what the one before it made, and makes another value.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from blockloom.execution.events import Event
from blockloom.execution.session import RunOptions, Session
from blockloom.execution.views import Host
from blockloom.graph.file import read_graph
from blockloom.settings import read_settings
from blockloom.wiring import open_engine, open_workshop

Nodes: TypeAlias = dict[str, Any]

NODE_FILE = '''"""A node for chains in which every node makes another value."""

from blockloom import node


@node(category="value", id="BenchmarkCount")
def count(number: int, step: int = 1) -> int:
    """Count on from a number."""
    return number + step
'''


def passed_on(length: int, value: int) -> Nodes:
    """PrimitiveInt, one after the other, and the last one shown."""
    return _chain(length, value, "PrimitiveInt", lambda link, number: {"value": link})


def told_apart(length: int, value: int) -> Nodes:
    """Switches, each with a number of its own, that hand on what comes from the one before."""

    def inputs(link: list[Any], number: int) -> Nodes:
        return {"condition": False, "if_true": value + number, "if_false": link}

    return _chain(length, value, "BlockloomSwitch", inputs)


def counted(length: int, value: int) -> Nodes:
    """Every node adds one to what the one before it made."""
    return _chain(length, value, "BenchmarkCount", lambda link, number: {"number": link})


CHAINS = {"passed on": passed_on, "told apart": told_apart, "counted": counted}


def edited(nodes: Nodes, value: int) -> Nodes:
    """The chain with another node before the last, so that all but the end of it is kept."""
    link = [str(len(nodes) - 2), 0]
    switch = {"condition": False, "if_true": value, "if_false": link}
    return {**nodes, str(len(nodes) - 1): {"class_type": "BlockloomSwitch", "inputs": switch}}


def _chain(
    length: int, value: int, class_type: str, inputs: Callable[[list[Any], int], Nodes]
) -> Nodes:
    nodes: Nodes = {"1": {"class_type": "PrimitiveInt", "inputs": {"value": value}}}
    for number in range(2, length):
        link = [str(number - 1), 0]
        nodes[str(number)] = {"class_type": class_type, "inputs": inputs(link, number)}
    last = [str(length - 1), 0]
    nodes[str(length)] = {"class_type": "PreviewAny", "inputs": {"source": last}}
    return nodes


@dataclass(frozen=True, slots=True)
class Reference:
    """A session in this process, for what a server's process boundaries and protocol cost."""

    session: Session
    folder: Path
    events: list[Event] = field(default_factory=list)

    def run(self, nodes: Nodes) -> float:
        """Seconds from parsed JSON to the end of the run; the graph is read and checked as well."""
        host = Host(output_folder=self.folder)
        self.events.clear()
        started = time.perf_counter()
        self.session.run(read_graph({"prompt": nodes}), RunOptions(host=host, listen=self.note))
        return time.perf_counter() - started

    def note(self, event: Event) -> None:
        """Keep an event, as whoever follows a run would."""
        self.events.append(event)


def open_reference(folder: Path) -> Reference:
    """A session with the node types that a server with this data folder has."""
    workshop = open_workshop(read_settings(data=folder), [], print)
    return Reference(open_engine(workshop).session, folder)
