/** Running the graph and stopping it. */

import { seedOf } from "../graph/seed";
import { writeFile } from "../graph/file";
import { cancelJob, clearQueue, postPrompt } from "../protocol/api";
import { clientId } from "../protocol/client";
import { ServerError } from "../protocol/http";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, useDocument } from "../stores/document";
import { say, useInterface } from "../stores/interface";
import { refreshJobs, useJobs } from "../stores/jobs";
import { rememberJob } from "../stores/lastRun";
import { useRun } from "../stores/run";
import { useRunSettings } from "../stores/runSettings";
import { text } from "../texts/texts";
import type { Action } from "./action";
import { FRESH_SEEDS, refreshSeeds } from "./seeds";

/**
 * Queue a run of these nodes and what they need, or of all outputs. One that a user starts draws new
 * seeds where nodes want them; one that follows a change does not.
 */
export async function runGraph(
  targets: readonly string[] = [],
  isFollowing = false,
): Promise<void> {
  if (!isFollowing) {
    refreshSeeds();
  }
  const document = currentDocument();
  const file = writeFile(document, currentCatalogue());
  try {
    const order = { file, clientId: clientId(), targets, seed: seedOf(document) };
    const answer = await postPrompt(order);
    rememberJob(answer.prompt_id);
    refreshJobs();
  } catch (error) {
    reportError(error);
  }
}

/** Stop the running job, wherever it was started. */
export async function cancelRun(): Promise<void> {
  const running = useJobs.getState().open.find(({ status }) => status === "in_progress");
  const { job } = useRun.getState();
  const id = job?.status === "in_progress" ? job.id : running?.id;
  if (id !== undefined) {
    await cancelJob(id).catch(reportError);
    refreshJobs();
  }
}

/** Tell the user what the server says is wrong. Anything else is a mistake of ours, and thrown. */
export function reportError(error: unknown): void {
  if (!(error instanceof ServerError)) {
    throw error;
  }
  if (error.isUnreachable) {
    say("bad", text("run.offline"));
  } else if (error.needsToken) {
    say("bad", text("run.token"), text("run.tokenRemedy"));
  } else {
    say("bad", error.message, error.remedy);
  }
}

function runnable(): string[] {
  const { nodes } = currentDocument();
  return [...useInterface.getState().selection].filter((id) => id in nodes);
}

const SETTLED = 700;

/** Run a moment after each change, while that is switched on. Returns a function that ends it. */
export function keepRunningOnChange(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = useDocument.subscribe((state, before) => {
    const isChanged = changesResult(state.document.nodes, before.document.nodes);
    const isOwn = state.past.at(-1)?.label === FRESH_SEEDS;
    if (isChanged && !isOwn && useRunSettings.getState().runsOnChange) {
      clearTimeout(timer);
      timer = setTimeout(() => void runInstead(), SETTLED);
    }
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** A newer run takes the place of what this page has waiting or running. */
async function runInstead(): Promise<void> {
  if (useRun.getState().job?.status === "in_progress") {
    await cancelRun();
  }
  await runGraph([], true);
}

type Nodes = ReturnType<typeof currentDocument>["nodes"];

/** Whether a change may matter to a run: moving and folding nodes does not. */
export function changesResult(now: Nodes, before: Nodes): boolean {
  const ids = Object.keys(now);
  return (
    ids.length !== Object.keys(before).length ||
    ids.some((id) => {
      const [one, other] = [now[id], before[id]];
      return (
        one?.inputs !== other?.inputs || one?.type !== other?.type || one?.mode !== other?.mode
      );
    })
  );
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
    id: "run.here",
    label: "run.here",
    group: "run",
    shortcuts: ["Mod+Shift+Enter"],
    isEnabled: () => runnable().length > 0,
    run: () => runGraph(runnable()),
  },
  {
    id: "run.cancel",
    label: "run.cancel",
    group: "run",
    shortcuts: ["Mod+Alt+Enter"],
    isEnabled: () => useJobs.getState().open.length > 0,
    run: cancelRun,
  },
  {
    id: "run.clear",
    label: "run.clear",
    group: "run",
    isEnabled: () => useJobs.getState().open.length > 1,
    run: async () => {
      await clearQueue().catch(reportError);
      refreshJobs();
    },
  },
  {
    id: "run.onChange",
    label: "run.onChange",
    group: "run",
    run: () => {
      useRunSettings.setState(({ runsOnChange }) => ({ runsOnChange: !runsOnChange }));
    },
  },
];
