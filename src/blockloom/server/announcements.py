"""A run as its clients hear of it: the worker's events in ComfyUI's words and order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from blockloom.execution.events import Event, FileEvent
from blockloom.graph.model import Json
from blockloom.jobs.model import Job
from blockloom.server.job_shapes import JsonObject, end_message, shown_output
from blockloom.server.keys import Folders

# Up to here progress_state names every node that has begun, as ComfyUI does; beyond it would grow
# with the square of the graph, and names only what changed.
FULL_UNTIL = 32

Message = tuple[str, JsonObject]


@dataclass(slots=True)
class Run:
    """A running job: what was said of it so far, enough to say it again to who comes late."""

    job: Job
    folders: Folders
    is_large: bool = False
    current: str = ""
    kept: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    has_said_kept: bool = False
    shown: dict[str, JsonObject] = field(default_factory=dict)
    nodes: dict[str, JsonObject] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    running: dict[str, None] = field(default_factory=dict)
    started: int = field(default_factory=lambda: int(time.time() * 1000))

    # -- what is said

    def begin(self) -> list[Message]:
        """The first message of a run."""
        return [("execution_start", self._stamped())]

    def on_event(self, event: Event) -> list[Message]:
        """The messages that an event becomes. Progress is not in them: see ``progress``."""
        if event["event"] == "run_started":
            self.is_large = len(event["node_ids"]) > FULL_UNTIL
            return []
        if event["event"] == "nodes_kept":
            self.kept += event["node_ids"]
            self.unsaid += event["node_ids"]
            return []
        if event["event"] == "node_kept":
            return self._on_kept(event["node_id"], event["files"], event["texts"])
        if event["event"] == "node_started":
            return [*self.say_kept(), *self._on_started(event["node_id"])]
        if event["event"] == "node_step":
            node_id = event["node_id"]
            self._mark(node_id, event["done"], event["total"], "running")
            if event["done"] == 0:
                return []
            progress: JsonObject = {"value": event["done"], "max": event["total"]}
            return [("progress", {**progress, "prompt_id": self.job.id, "node": node_id})]
        if event["event"] == "node_finished":
            return self._on_finished(event["node_id"], event["files"], event["texts"])
        if event["event"] == "node_failed":
            self._mark(event["node_id"], 0.0, 1.0, "error")
        return []

    def end(self, job: Job) -> list[Message]:
        """How the run ended, before the queue is told."""
        return [*self.say_kept(), end_message(job)]

    def finish(self) -> Message:
        """The very last message of a run."""
        return "executing", {"node": None, "prompt_id": self.job.id}

    def say_kept(self) -> list[Message]:
        """The nodes whose earlier results stand, and what they show."""
        if self.has_said_kept and not self.unsaid:
            return []
        self.has_said_kept = True
        nodes: list[Json] = [*self.unsaid]
        messages: list[Message] = [("execution_cached", {"nodes": nodes, **self._stamped()})]
        for node_id in self.unsaid:
            if node_id in self.shown:
                messages.append(self._executed(node_id))
        self.unsaid = []
        return messages

    def progress(self, *, is_full: bool) -> Message | None:
        """Where the nodes are: all that have begun, or those that changed and those that run."""
        if not self.changed:
            return None
        names = self.nodes if is_full else {**self.running, **self.changed}
        nodes: JsonObject = {node_id: self.nodes[node_id] for node_id in names}
        return "progress_state", {"prompt_id": self.job.id, "nodes": nodes}

    def again(self) -> list[Message]:
        """The run so far, for a client that comes late or comes back."""
        kept: list[Json] = [*self.kept]
        messages = self.begin()
        messages.append(("execution_cached", {"nodes": kept, **self._stamped()}))
        messages += [self._executed(node_id) for node_id in self.shown]
        if self.nodes:
            state: JsonObject = {"prompt_id": self.job.id, "nodes": {**self.nodes}}
            messages.append(("progress_state", state))
        if self.current:
            messages.append(("executing", self._node(self.current)))
        return messages

    # -- single events

    def _on_kept(self, node_id: str, files: list[FileEvent], texts: list[str]) -> list[Message]:
        self.kept.append(node_id)
        self.unsaid.append(node_id)
        shown = shown_output(files, texts, self.folders)
        if shown:
            self.shown[node_id] = shown
            self._mark(node_id, 1, 1, "finished")
        return []

    def _on_started(self, node_id: str) -> list[Message]:
        self.current = node_id
        self._mark(node_id, 0.0, 1.0, "running")
        return [("executing", self._node(node_id))]

    def _on_finished(self, node_id: str, files: list[FileEvent], texts: list[str]) -> list[Message]:
        before = self.nodes.get(node_id, {})
        total = before.get("max", 1.0)
        self._mark(node_id, total, total, "finished")
        shown = shown_output(files, texts, self.folders)
        if not shown:
            return []
        self.shown[node_id] = shown
        return [self._executed(node_id)]

    def _mark(self, node_id: str, value: Json, maximum: Json, state: str) -> None:
        self.changed[node_id] = None
        if state == "running":
            self.running[node_id] = None
        else:
            self.running.pop(node_id, None)
        self.nodes[node_id] = {
            "value": value,
            "max": maximum,
            "state": state,
            "node_id": node_id,
            "prompt_id": self.job.id,
            "display_node_id": node_id,
            "parent_node_id": None,
            "real_node_id": node_id,
        }

    def _executed(self, node_id: str) -> Message:
        return "executed", {**self._node(node_id), "output": self.shown[node_id]}

    def _node(self, node_id: str) -> JsonObject:
        return {"node": node_id, "display_node": node_id, "prompt_id": self.job.id}

    def _stamped(self) -> JsonObject:
        return {"prompt_id": self.job.id, "timestamp": self.started}
