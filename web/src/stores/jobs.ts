/** Jobs on the server: what waits and runs, and what ran. */

import { create } from "zustand";
import { fetchJobs, fetchWork } from "../protocol/api";
import type { JobSummary, WorkAnswer } from "../protocol/answers";
import { ServerError } from "../protocol/http";

const PAGE = 40;
const SOON = 120;

export interface JobsState {
  /** Running first, then waiting in the order in which they will run. */
  readonly open: readonly JobSummary[];
  /** Newest first. */
  readonly ended: readonly JobSummary[];
  readonly endedTotal: number;
  /** What the history is searched for. */
  readonly search: string;
  readonly isPaused: boolean;
  readonly workers: WorkAnswer["workers"];
}

export const useJobs = create<JobsState>(() => ({
  open: [],
  ended: [],
  endedTotal: 0,
  search: "",
  isPaused: false,
  workers: [],
}));

let timer: ReturnType<typeof setTimeout> | undefined;
let isAsking = false;
let isWanted = false;

/** Ask the server soon; several wishes become one question. */
export function refreshJobs(): void {
  isWanted = true;
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), SOON);
}

async function ask(): Promise<void> {
  if (isAsking) {
    return;
  }
  isAsking = true;
  try {
    while (isWanted) {
      isWanted = false;
      await readJobs();
    }
  } catch (error) {
    // Out of reach: the connection says so, and asks again when it is back.
    if (!(error instanceof ServerError)) {
      throw error;
    }
  } finally {
    isAsking = false;
  }
}

async function readJobs(): Promise<void> {
  const { search, ended } = useJobs.getState();
  const wanted = String(Math.max(PAGE, ended.length));
  const [open, past, work] = await Promise.all([
    fetchJobs({ status: "pending,in_progress", sort_order: "asc" }),
    fetchJobs({ status: "completed,failed,cancelled", limit: wanted, text: search }),
    fetchWork(),
  ]);
  useJobs.setState({
    open: inRunningOrder(open.jobs),
    ended: past.jobs,
    endedTotal: past.pagination.total,
    isPaused: work.is_paused,
    workers: work.workers,
  });
}

/** The running job first, then the others by their place in the queue. */
export function inRunningOrder(jobs: readonly JobSummary[]): JobSummary[] {
  const rank = (job: JobSummary): number => (job.status === "in_progress" ? 0 : 1);
  return jobs.toSorted((left, right) => rank(left) - rank(right) || left.priority - right.priority);
}

export function searchHistory(search: string): void {
  useJobs.setState({ search, ended: [] });
  refreshJobs();
}

export async function loadMoreHistory(): Promise<void> {
  const { ended, search } = useJobs.getState();
  const past = await fetchJobs({
    status: "completed,failed,cancelled",
    limit: String(PAGE),
    offset: String(ended.length),
    text: search,
  });
  const known = new Set(ended.map(({ id }) => id));
  useJobs.setState({
    ended: [...ended, ...past.jobs.filter(({ id }) => !known.has(id))],
    endedTotal: past.pagination.total,
  });
}

/** How long a job ran, in seconds; null while it has not ended. */
export function secondsOf(job: JobSummary): number | null {
  return job.execution_start_time === undefined || job.execution_end_time === undefined
    ? null
    : (job.execution_end_time - job.execution_start_time) / 1000;
}
