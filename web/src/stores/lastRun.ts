/** Finding again what ran before the page was loaded. */

import { fetchJob } from "../protocol/api";
import type { JobDetails } from "../protocol/answers";
import { ServerError } from "../protocol/http";
import type { NodeRun, RunState } from "./run";
import { useRun } from "./run";

const KEY = "blockloom.job";

export function rememberJob(id: string): void {
  localStorage.setItem(KEY, id);
}

/** Show again what the last job of this browser made; nothing happens where it is forgotten. */
export async function restoreLastRun(): Promise<void> {
  const id = localStorage.getItem(KEY);
  if (id !== null) {
    await showJob(id);
  }
}

/** Show on the nodes what a job made. Says whether the server still knew it. */
export async function showJob(id: string): Promise<boolean> {
  try {
    const job = await fetchJob(id);
    useRun.setState((state) => withJob(state, job));
    return true;
  } catch (error) {
    if (error instanceof ServerError) {
      return false;
    }
    throw error;
  }
}

/** The run as a job's record has it. */
export function withJob(state: RunState, job: JobDetails): RunState {
  const nodes: Record<string, NodeRun> = {};
  const put = (id: string, status: NodeRun["status"]): void => {
    const same = state.nodes[id]?.job === job.id ? state.nodes[id] : undefined;
    nodes[id] = {
      status,
      done: same?.done ?? 0,
      total: same?.total ?? 0,
      seconds: same?.seconds ?? null,
      output: job.outputs[id] ?? null,
      preview: null,
      error: null,
      warnings: same?.warnings ?? [],
      job: job.id,
    };
  };
  for (const id of job.kept) {
    put(id, "kept");
  }
  for (const id of job.ran) {
    put(id, "done");
  }
  const error = job.execution_error;
  if (error !== undefined && error.node_id !== "") {
    put(error.node_id, "failed");
    nodes[error.node_id] = { ...(nodes[error.node_id] as NodeRun), error };
  }
  const startedAt = job.execution_start_time ?? null;
  return { ...state, job: { id: job.id, status: job.status, startedAt }, nodes };
}
