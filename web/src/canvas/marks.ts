/** The one mark in a node's header: what it does, did, or would do if the graph ran now. */

import type { NodeStatus } from "../stores/run";
import { useRun } from "../stores/run";
import { useCheck } from "../stores/check";
import type { TextKey } from "../texts/texts";

export type Mark = "none" | "running" | "done" | "kept" | "fresh" | "failed";

const KEYS: Readonly<Record<Mark, TextKey>> = {
  none: "status.waiting",
  running: "status.running",
  done: "status.done",
  kept: "status.kept",
  fresh: "plan.fresh",
  failed: "status.failed",
};

/** What ran stands until an edit changes it: then the node looks fresh, as it would run again. */
export function markOf(status: NodeStatus | undefined, isFresh: boolean, isKept: boolean): Mark {
  switch (status) {
    case "running":
    case "failed":
      return status;
    case "done":
    case "kept":
      return isFresh ? "fresh" : status;
    default:
      return isKept ? "kept" : "none";
  }
}

export function useMark(id: string): Mark {
  const status = useRun((state) => state.nodes[id]?.status);
  const isFresh = useCheck((state) => state.fresh.has(id));
  const isKept = useCheck((state) => state.answer?.plan?.[id] === "kept");
  return markOf(status, isFresh, isKept);
}

export function markKey(mark: Mark): TextKey {
  return KEYS[mark];
}
