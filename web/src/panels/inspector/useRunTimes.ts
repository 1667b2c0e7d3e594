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
  const ended = useRun(({ nodes }) => endedIn(job, nodes));
  const order = useCheck((state) => state.answer?.order);
  const drawn = useDocument((state) => state.document.nodes);
  return useMemo(() => {
    const nodes = JSON.parse(ended) as readonly TimedNode[];
    const places = new Map((order ?? Object.keys(drawn)).map((id, place) => [id, place]));
    const placeOf = ({ id }: TimedNode): number => places.get(id) ?? places.size;
    return nodes.toSorted((a, b) => placeOf(a) - placeOf(b));
  }, [ended, order, drawn]);
}

type Runs = ReturnType<typeof useRun.getState>["nodes"];

/** As one text: it stays the same while nodes only go on. */
function endedIn(job: string, nodes: Runs): string {
  const found: TimedNode[] = [];
  for (const [id, run] of Object.entries(nodes)) {
    if (run.job === job && (run.status === "kept" || run.status === "done")) {
      found.push({ id, seconds: run.seconds ?? 0, isKept: run.status === "kept" });
    }
  }
  return JSON.stringify(found);
}

/** Of larger graphs nobody asks for all block states only to know this. */
const MOST = 200;

/** The most memory that a node of the job needed; 0 where the device does not tell. */
export function useMemory({ id, status }: ShownJob, nodes: readonly TimedNode[]): number {
  const isAsked = status === "completed" && nodes.length <= MOST;
  useEffect(() => {
    for (const node of isAsked ? nodes : []) {
      askState(id, node.id);
    }
  }, [id, isAsked, nodes]);
  return useBlockStates(({ states }) =>
    nodes.reduce((most, node) => {
      const asked = states[placeKey(id, node.id)];
      return asked?.status === "here" ? Math.max(most, asked.value.memory) : most;
    }, 0),
  );
}
