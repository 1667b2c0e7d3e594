/** What the editor asks of the server, one function for each question. */

import type { CatalogueAnswer } from "../catalogue/types";
import type { GraphFile } from "../graph/file";
import type { Json } from "../graph/model";
import type {
  CheckAnswer,
  JobDetails,
  JobsAnswer,
  PromptAnswer,
  ShownFile,
  WorkAnswer,
} from "./answers";
import { getJson, postJson } from "./http";

export function fetchCatalogue(): Promise<CatalogueAnswer> {
  return getJson("/blockloom/catalogue");
}

/** Have the server read node files and trusted repositories anew; answers what is wrong with them. */
export async function reloadNodes(): Promise<readonly string[]> {
  const found = await postJson<{ readonly problems: readonly string[] }>("/blockloom/reload", {});
  return found.problems;
}

export function fetchTemplate(pipeline: string, workflow: string, isLeaf: boolean): Promise<Json> {
  const query = isLeaf ? "?leaf=true" : "";
  const path = `${encodeURIComponent(pipeline)}/${encodeURIComponent(workflow)}`;
  return getJson(`/blockloom/templates/${path}${query}`);
}

export function fetchExample(name: string): Promise<Json> {
  return getJson(`/blockloom/examples/${encodeURIComponent(name)}`);
}

export function checkGraph(
  file: GraphFile,
  targets: readonly string[],
  signal: AbortSignal,
): Promise<CheckAnswer> {
  return postJson("/blockloom/check", { ...file, targets }, signal);
}

export interface RunOrder {
  readonly file: GraphFile;
  readonly clientId: string;
  /** Only these nodes and what they need; all outputs where it is empty. */
  readonly targets: readonly string[];
  /** The seed of every node that has none of its own; one is picked where it is null. */
  readonly seed: number | null;
}

/** Queue a run. The drawn graph travels with the job, and into the pictures it saves. */
export function postPrompt({ file, clientId, targets, seed }: RunOrder): Promise<PromptAnswer> {
  return postJson("/api/prompt", {
    prompt: file.prompt,
    extra: file.extra,
    client_id: clientId,
    ...(targets.length > 0 ? { partial_execution_targets: targets } : {}),
    ...(seed === null ? {} : { seed }),
    extra_data: { create_time: Date.now() },
  });
}

export function fetchJobs(query: Readonly<Record<string, string>>): Promise<JobsAnswer> {
  return getJson(`/api/jobs?${new URLSearchParams(query).toString()}`);
}

export function fetchJob(id: string): Promise<JobDetails> {
  return getJson(`/api/jobs/${encodeURIComponent(id)}`);
}

export function cancelJob(id: string): Promise<unknown> {
  return postJson(`/api/jobs/${encodeURIComponent(id)}/cancel`, {});
}

/** Run an ended job once more, under its own id. */
export function retryJob(id: string): Promise<unknown> {
  return postJson(`/blockloom/jobs/${encodeURIComponent(id)}/retry`, {});
}

/** Move a waiting job before another one, or to the end. */
export function moveJob(id: string, before: string | null): Promise<unknown> {
  return postJson(`/blockloom/jobs/${encodeURIComponent(id)}/move`, { before });
}

export function clearQueue(): Promise<unknown> {
  return postJson("/api/queue", { clear: true });
}

export function forgetJobs(ids: readonly string[]): Promise<unknown> {
  return postJson("/api/history", { delete: ids });
}

export function fetchWork(): Promise<WorkAnswer> {
  return getJson("/blockloom/queue");
}

export function setPaused(isPaused: boolean): Promise<WorkAnswer> {
  return postJson("/blockloom/queue", { is_paused: isPaused });
}

/** The address of a file; ``size`` asks for a smaller picture. */
export function viewUrl(file: ShownFile, size?: number): string {
  const query = new URLSearchParams({
    filename: file.filename,
    subfolder: file.subfolder,
    type: file.type,
    ...(size === undefined ? {} : { size: String(size) }),
  });
  return `/api/view?${query.toString()}`;
}
