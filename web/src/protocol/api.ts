/** What the editor asks of the server, one function for each question. */

import type { CatalogueAnswer } from "../catalogue/types";
import type { GraphFile } from "../graph/file";
import type { Json } from "../graph/model";
import type {
  BlockState,
  CheckAnswer,
  JobDetails,
  JobsAnswer,
  LoopStep,
  PromptAnswer,
  ShownFile,
  WorkAnswer,
} from "./answers";
import { getJson, postJson } from "./http";

export function fetchCatalogue(): Promise<CatalogueAnswer> {
  return getJson("/blockloom/catalogue");
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
}

/** Queue a run. The drawn graph travels with the job, and into the pictures it saves. */
export function postPrompt({ file, clientId, targets }: RunOrder): Promise<PromptAnswer> {
  return postJson("/api/prompt", {
    prompt: file.prompt,
    client_id: clientId,
    ...(targets.length > 0 ? { partial_execution_targets: targets } : {}),
    extra_data: { create_time: Date.now(), extra_pnginfo: { blockloom: file } },
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

export function fetchWork(): Promise<WorkAnswer> {
  return getJson("/blockloom/queue");
}

export function setPaused(isPaused: boolean): Promise<WorkAnswer> {
  return postJson("/blockloom/queue", { is_paused: isPaused });
}

export function fetchBlockState(job: string, node: string): Promise<BlockState> {
  return getJson(`/blockloom/block_state/${placeOf(job, node)}`);
}

export function fetchSteps(job: string, node: string): Promise<{ steps: readonly LoopStep[] }> {
  return getJson(`/blockloom/steps/${placeOf(job, node)}`);
}

export function thumbnailUrl(
  job: string,
  node: string,
  name: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const search = new URLSearchParams(query).toString();
  const path = `${placeOf(job, node)}/${encodeURIComponent(name)}`;
  return `/blockloom/thumbnail/${path}${search === "" ? "" : `?${search}`}`;
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

function placeOf(job: string, node: string): string {
  return `${encodeURIComponent(job)}/${encodeURIComponent(node)}`;
}
