/** How long the nodes of a run took, and how much memory they needed. */

import { useEffect, useMemo } from "react";
import { askState, placeKey, useBlockStates } from "../../stores/blockStates";
import { useCheck } from "../../stores/check";
import { useDocument } from "../../stores/document";
import type { ShownJob } from "../../stores/run";
import { useRun } from "../../stores/run";
import type { TimedNode } from "./time";

/** The nodes of a job that have ended, in the order in which they run. */
export function useTimes(job: string): readonly TimedNode[] {
  const runs = useRun((state) => state.nodes);
  const order = useCheck((state) => state.answer?.order);
  const drawn = useDocument((state) => state.document.nodes);
  return useMemo(() => {
    const ids = order ?? Object.keys(drawn);
    const all = [...ids, ...Object.keys(runs).filter((id) => !ids.includes(id))];
    return all.flatMap((id): readonly TimedNode[] => {
      const run = runs[id];
      if (run === undefined || run.job !== job) {
        return [];
      }
      const isKept = run.status === "kept";
      return isKept || run.status === "done" ? [{ id, seconds: run.seconds ?? 0, isKept }] : [];
    });
  }, [runs, order, drawn, job]);
}

/** The most memory that a node of the job needed; 0 where the device does not tell. */
export function useMemory({ id, status }: ShownJob): number {
  const nodes = useRun((state) => state.nodes);
  useEffect(() => {
    if (status === "completed") {
      for (const [node, run] of Object.entries(nodes)) {
        if (run.job === id && run.status === "done") {
          askState(id, node);
        }
      }
    }
  }, [id, status, nodes]);
  return useBlockStates(({ states }) =>
    Object.keys(nodes).reduce((most, node) => {
      const asked = states[placeKey(id, node)];
      return asked?.status === "here" ? Math.max(most, asked.value.memory) : most;
    }, 0),
  );
}
