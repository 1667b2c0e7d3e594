/** How far a run is. */

import type { NodeRun } from "../../stores/run";

type Nodes = Readonly<Record<string, NodeRun>>;

/** The node that runs now; undefined between two nodes. */
export function runningNode(nodes: Nodes): string | undefined {
  return Object.keys(nodes).find((id) => nodes[id]?.status === "running");
}

/** How many nodes of a job have run or were kept. */
export function settledCount(nodes: Nodes, job: string): number {
  return Object.values(nodes).filter(
    (node) => node.job === job && (node.status === "done" || node.status === "kept"),
  ).length;
}
