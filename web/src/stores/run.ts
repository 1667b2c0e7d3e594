/** What ran and runs, by node: never undoable, never in the document. */

import { create } from "zustand";
import type { ExecutionError, JobStatus, ShownOutput } from "../protocol/answers";
import type { ServerEvent } from "../protocol/events";

export type NodeStatus = "waiting" | "running" | "kept" | "done" | "failed";

export interface NodeRun {
  readonly status: NodeStatus;
  readonly done: number;
  readonly total: number;
  readonly seconds: number | null;
  readonly output: ShownOutput | null;
  /** The address of a picture of what the node is making, while it runs. */
  readonly preview: string | null;
  readonly error: ExecutionError | null;
  readonly warnings: readonly string[];
  /** The job in which the node last ran or was kept: block states are asked for there. */
  readonly job: string;
}

export interface ShownJob {
  readonly id: string;
  readonly status: JobStatus;
  readonly startedAt: number | null;
}

export interface RunState {
  /** The job whose nodes are shown on the canvas. */
  readonly job: ShownJob | null;
  readonly nodes: Readonly<Record<string, NodeRun>>;
  readonly queueRemaining: number;
  readonly isConnected: boolean;
}

export const useRun = create<RunState>(() => ({
  job: null,
  nodes: {},
  queueRemaining: 0,
  isConnected: false,
}));

const FRESH: NodeRun = {
  status: "waiting",
  done: 0,
  total: 0,
  seconds: null,
  output: null,
  preview: null,
  error: null,
  warnings: [],
  job: "",
};

/** Take up an event. Events of other jobs than the one shown make that one the shown one. */
export function receiveEvent(event: ServerEvent): void {
  useRun.setState((state) => reduce(state, event));
}

export function reduce(state: RunState, event: ServerEvent): RunState {
  switch (event.type) {
    case "status":
      return { ...state, queueRemaining: event.data.status.exec_info.queue_remaining };
    case "execution_start":
      return start(state, event.data.prompt_id, event.data.timestamp);
    case "execution_cached":
      return markAll(state, event.data.prompt_id, event.data.nodes, { status: "kept" });
    case "executing":
      return event.data.node === null
        ? state
        : mark(state, event.data.prompt_id ?? state.job?.id ?? "", event.data.node, {
            ...running(),
          });
    case "executed":
      return mark(state, event.data.prompt_id, event.data.node, { output: event.data.output });
    case "progress":
      return mark(state, event.data.prompt_id, event.data.node, {
        done: event.data.value,
        total: event.data.max,
      });
    case "progress_state":
      return progress(state, event);
    case "block_state":
      return mark(state, event.data.prompt_id, event.data.node, {
        status: "done",
        seconds: event.data.seconds,
        warnings: event.data.warnings,
        preview: null,
      });
    case "execution_success":
      return end(state, event.data.prompt_id, "completed");
    case "execution_interrupted":
      return end(state, event.data.prompt_id, "cancelled");
    case "execution_error":
      return fail(state, event.data.prompt_id, event.data);
    default:
      return state;
  }
}

function running(): Partial<NodeRun> {
  return { status: "running", done: 0, total: 0, error: null, warnings: [], preview: null };
}

function start(state: RunState, job: string, timestamp: number): RunState {
  if (state.job?.id === job && state.job.status === "in_progress") {
    return state;
  }
  const nodes = Object.fromEntries(
    Object.entries(state.nodes).map(([id, node]) => [
      id,
      { ...node, status: "waiting" as const, error: null, warnings: [], done: 0, preview: null },
    ]),
  );
  return { ...state, job: { id: job, status: "in_progress", startedAt: timestamp }, nodes };
}

function mark(state: RunState, job: string, id: string, change: Partial<NodeRun>): RunState {
  if (state.job?.id !== job) {
    return state;
  }
  const node = { ...(state.nodes[id] ?? FRESH), ...change, job };
  return { ...state, nodes: { ...state.nodes, [id]: node } };
}

function markAll(
  state: RunState,
  job: string,
  ids: readonly string[],
  change: Partial<NodeRun>,
): RunState {
  return ids.reduce((found, id) => mark(found, job, id, change), state);
}

function progress(
  state: RunState,
  event: Extract<ServerEvent, { type: "progress_state" }>,
): RunState {
  let found = state;
  for (const [id, node] of Object.entries(event.data.nodes)) {
    const before = found.nodes[id];
    if (node.state === "running") {
      const change = before?.status === "running" ? {} : running();
      found = mark(found, event.data.prompt_id, id, {
        ...change,
        done: node.value,
        total: node.max,
      });
    } else if (node.state === "finished" && before?.status !== "kept") {
      found = mark(found, event.data.prompt_id, id, { status: "done", preview: null });
    }
  }
  return found;
}

function end(state: RunState, job: string, status: JobStatus): RunState {
  if (state.job?.id !== job) {
    return state;
  }
  const nodes = Object.fromEntries(
    Object.entries(state.nodes).map(([id, node]) => [
      id,
      node.status === "running" ? { ...node, status: "waiting" as const, preview: null } : node,
    ]),
  );
  return { ...state, job: { ...state.job, status }, nodes };
}

function fail(state: RunState, job: string, error: ExecutionError): RunState {
  const marked = mark(state, job, error.node_id, { status: "failed", error, preview: null });
  return end(marked, job, "failed");
}

/** Show a picture of what a node is making; the one before it is let go. */
export function receivePreview(job: string, id: string, address: string): void {
  const before = useRun.getState().nodes[id]?.preview;
  if (before !== null && before !== undefined) {
    URL.revokeObjectURL(before);
  }
  useRun.setState((state) => mark(state, job, id, { preview: address }));
}
