/** A node replaced by what the server puts in its place: the blocks inside it. */

import type { Catalogue } from "../catalogue/catalogue";
import { effectiveNodes } from "./effective";
import type { Place } from "./edit";
import { changeNode, move } from "./edit";
import type { Placed } from "./insert";
import type { GraphDocument, GraphNode, Input, Link, NodeId } from "./model";

/**
 * Take up an expansion: ``answer`` is the graph as it runs with the node replaced by ``ids``. What is
 * drawn and does not run (muted nodes, bends) stays, and makes room like the rest.
 */
export function withExpansion(
  document: GraphDocument,
  id: NodeId,
  answer: GraphDocument,
  ids: readonly NodeId[],
  catalogue: Catalogue,
): Placed {
  const old = document.nodes[id];
  if (old === undefined) {
    return { document, ids: [] };
  }
  const outputs = newOutputs(effectiveNodes(toExpand(document, id), catalogue), answer, id);
  const nodes: Record<NodeId, GraphNode> = {};
  for (const node of Object.values(document.nodes)) {
    if (node.id === id) {
      put(nodes, answer, ids, old);
    } else {
      nodes[node.id] = relinked(node, id, outputs);
    }
  }
  const found: GraphDocument = { ...document, nodes };
  return { document: madeRoom(found, document, answer, old, ids), ids };
}

/** The graph to send: a muted or bypassed node is expanded as if it ran. */
export function toExpand(document: GraphDocument, id: NodeId): GraphDocument {
  return changeNode(document, id, { mode: "active" });
}

function put(
  nodes: Record<NodeId, GraphNode>,
  answer: GraphDocument,
  ids: readonly NodeId[],
  old: GraphNode,
): void {
  for (const id of ids) {
    const node = answer.nodes[id];
    if (node !== undefined) {
      nodes[id] = { ...node, mode: old.mode };
    }
  }
}

/** What each output of the old node is called now, as far as anything that runs is linked to it. */
function newOutputs(
  before: Readonly<Record<NodeId, GraphNode>>,
  answer: GraphDocument,
  id: NodeId,
): ReadonlyMap<string, Link> {
  const outputs = new Map<string, Link>();
  for (const node of Object.values(before)) {
    for (const [name, input] of Object.entries(node.inputs)) {
      const now = answer.nodes[node.id]?.inputs[name];
      if (input.kind === "link" && input.node === id && now?.kind === "link") {
        outputs.set(input.output, now);
      }
    }
  }
  return outputs;
}

function relinked(node: GraphNode, id: NodeId, outputs: ReadonlyMap<string, Link>): GraphNode {
  const inputs: Record<string, Input> = {};
  let isSame = true;
  for (const [name, input] of Object.entries(node.inputs)) {
    const isOld = input.kind === "link" && input.node === id;
    const found = isOld ? outputs.get(input.output) : input;
    isSame &&= found === input;
    if (found !== undefined) {
      inputs[name] = found;
    }
  }
  return isSame ? node : { ...node, inputs };
}

/** The server moves what stands right of the node; what it was not sent moves as far. */
function madeRoom(
  document: GraphDocument,
  before: GraphDocument,
  answer: GraphDocument,
  old: GraphNode,
  ids: readonly NodeId[],
): GraphDocument {
  const isNew = new Set(ids);
  const places: Record<string, Place> = {};
  let width = 0;
  for (const node of Object.values(before.nodes)) {
    const now = answer.nodes[node.id];
    if (now !== undefined && !isNew.has(node.id)) {
      places[node.id] = { x: now.x, y: now.y };
      width = Math.max(width, now.x - node.x);
    }
  }
  for (const node of Object.values(before.nodes)) {
    if (!(node.id in answer.nodes) && node.x > old.x) {
      places[node.id] = { x: node.x + width, y: node.y };
    }
  }
  return { ...move(document, places), notes: answer.notes, groups: answer.groups };
}
