/** What nodes need, and what needs them. */

import type { GraphDocument, NodeId } from "./model";
import { wiresOf } from "./model";

/** These nodes and all that their values come from. */
export function upstreamOf(document: GraphDocument, ids: Iterable<NodeId>): Set<NodeId> {
  return spread(ids, neighbours(document, "from"));
}

/** These nodes and all that their values go to. */
export function downstreamOf(document: GraphDocument, ids: Iterable<NodeId>): Set<NodeId> {
  return spread(ids, neighbours(document, "to"));
}

function neighbours(document: GraphDocument, to: "from" | "to"): ReadonlyMap<NodeId, NodeId[]> {
  const from = to === "from" ? "to" : "from";
  const found = new Map<NodeId, NodeId[]>();
  for (const wire of wiresOf(document)) {
    const known = found.get(wire[from]);
    if (known === undefined) {
      found.set(wire[from], [wire[to]]);
    } else {
      known.push(wire[to]);
    }
  }
  return found;
}

function spread(ids: Iterable<NodeId>, next: ReadonlyMap<NodeId, NodeId[]>): Set<NodeId> {
  const found = new Set(ids);
  // A set is walked through to its end, also by what is added on the way.
  for (const id of found) {
    for (const neighbour of next.get(id) ?? []) {
      found.add(neighbour);
    }
  }
  return found;
}
