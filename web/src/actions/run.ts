/** Running the graph and stopping it. */

import { writeFile } from "../graph/file";
import { cancelJob, postPrompt } from "../protocol/api";
import { clientId } from "../protocol/client";
import { ServerError } from "../protocol/http";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument } from "../stores/document";
import { say } from "../stores/interface";
import { useRun } from "../stores/run";
import { text } from "../texts/texts";
import type { Action } from "./action";

/** Queue a run of these nodes and what they need, or of all outputs. */
export async function runGraph(targets: readonly string[] = []): Promise<void> {
  const file = writeFile(currentDocument(), currentCatalogue());
  try {
    await postPrompt({ file, clientId: clientId(), targets });
  } catch (error) {
    reportError(error);
  }
}

export async function cancelRun(): Promise<void> {
  const { job } = useRun.getState();
  if (job?.status === "in_progress") {
    await cancelJob(job.id).catch(reportError);
  }
}

export function reportError(error: unknown): void {
  if (error instanceof ServerError) {
    say("bad", error.isUnreachable ? text("run.offline") : error.message, error.remedy);
  } else {
    throw error;
  }
}

export const runActions: readonly Action[] = [
  {
    id: "run.run",
    label: "run.run",
    group: "run",
    shortcuts: ["Mod+Enter"],
    run: () => runGraph(),
  },
  {
    id: "run.cancel",
    label: "run.cancel",
    group: "run",
    shortcuts: ["Mod+Alt+Enter"],
    isEnabled: () => useRun.getState().job?.status === "in_progress",
    run: cancelRun,
  },
];
