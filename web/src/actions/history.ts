/** Going back to earlier runs. */

import type { GraphDocument, Json } from "../graph/model";
import { readFile } from "../graph/file";
import { withSeed } from "../graph/seed";
import { fetchJob, forgetJobs, retryJob } from "../protocol/api";
import type { JobDetails } from "../protocol/answers";
import { currentCatalogue } from "../stores/catalogue";
import { openDocument } from "../stores/document";
import { openDialog, say } from "../stores/interface";
import { refreshJobs } from "../stores/jobs";
import { rememberJob, withJob } from "../stores/lastRun";
import { useRun } from "../stores/run";
import { text } from "../texts/texts";
import { reportError } from "./run";

/** The graph of a job as it was drawn, with the seed it ran with. */
export function documentOf(job: JobDetails): GraphDocument {
  const { prompt, extra } = job.workflow;
  const document = readFile({ prompt, extra } as unknown as Json, currentCatalogue());
  return job.seed === null ? document : withSeed(document, job.seed);
}

/** Open the graph of a job and show what it made; undo brings back what was open. */
export async function restoreJob(id: string): Promise<void> {
  try {
    const job = await fetchJob(id);
    openDocument(documentOf(job), "", "edit.restore");
    useRun.setState((state) => withJob(state, job));
    rememberJob(id);
    say("good", text("history.restored"));
  } catch (error) {
    reportError(error);
  }
}

export function compareJobs(left: string, right: string): void {
  openDialog("compare", { left, right });
}

export async function retry(id: string): Promise<void> {
  await retryJob(id).catch(reportError);
  refreshJobs();
}

export async function forget(id: string): Promise<void> {
  await forgetJobs([id]).catch(reportError);
  refreshJobs();
}
