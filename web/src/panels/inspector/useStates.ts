/** Block states for components: asked for when they are drawn. */

import { useEffect } from "react";
import type { BlockState } from "../../protocol/blockStates";
import type { Asked } from "../../stores/blockStates";
import { askState, placeKey, useBlockStates } from "../../stores/blockStates";
import { useRun } from "../../stores/run";

export interface ShownState {
  /** The run that is shown; "" where the node has not run. */
  readonly job: string;
  /** True while a newer run is on its way to the node. */
  readonly isEarlier: boolean;
  readonly state: Asked<BlockState> | undefined;
  /** Of the run before, where it is known and of the same node type. */
  readonly before: BlockState | undefined;
}

/** The newest block state of a node and the one before. */
export function useNodeState(node: string): ShownState {
  const job = useBlockStates((state) => state.runs[node]?.[0] ?? "");
  const jobBefore = useBlockStates((state) => state.runs[node]?.[1] ?? "");
  const isEarlier = useRun((state) => {
    const run = state.nodes[node];
    return state.job?.status === "in_progress" && run !== undefined && isToCome(run.status);
  });
  const state = useBlockStates((found) => found.states[placeKey(job, node)]);
  const before = useBlockStates((found) => found.states[placeKey(jobBefore, node)]);
  const isKnown = state !== undefined;
  const isBeforeKnown = before !== undefined;
  useEffect(() => {
    if (job !== "" && node !== "" && !isKnown) {
      askState(job, node);
    }
    if (jobBefore !== "" && node !== "" && !isBeforeKnown) {
      askState(jobBefore, node);
    }
  }, [job, jobBefore, node, isKnown, isBeforeKnown]);
  return { job, isEarlier, state, before: comparable(state, before) };
}

function isToCome(status: string): boolean {
  return status === "waiting" || status === "running";
}

function comparable(
  state: Asked<BlockState> | undefined,
  before: Asked<BlockState> | undefined,
): BlockState | undefined {
  const isAlike =
    state?.status === "here" &&
    before?.status === "here" &&
    state.value.class_type === before.value.class_type;
  return isAlike ? before.value : undefined;
}
