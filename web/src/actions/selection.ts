/** What actions work on: the selected nodes, notes and groups. */

import type { GraphNode } from "../graph/model";
import { REROUTE } from "../graph/model";
import { currentDocument } from "../stores/document";
import { useInterface } from "../stores/interface";

/** Ids of what is selected and still there. */
export function selectedIds(): ReadonlySet<string> {
  const { nodes, notes, groups } = currentDocument();
  const { selection } = useInterface.getState();
  return new Set([...selection].filter((id) => id in nodes || id in notes || id in groups));
}

export function selectedNodes(): readonly GraphNode[] {
  const { nodes } = currentDocument();
  return [...useInterface.getState().selection].flatMap((id) => nodes[id] ?? []);
}

export function hasSelection(): boolean {
  return selectedIds().size > 0;
}

/** Whether at least so many things are selected. */
export function hasSelected(count: number): () => boolean {
  return () => selectedIds().size >= count;
}

/** Whether a node is selected that is more than a bend in a wire. */
export function hasRealNode(): boolean {
  return selectedNodes().some(({ type }) => type !== REROUTE);
}
