/** A chain of nodes replaced by one node that the server made of them. */

import type { GraphDocument, GraphNode, Input, NodeId } from "./model";

/** Put ``made`` in the place of ``ids``; who read one of these reads the same of it. */
export function withCombined(
  document: GraphDocument,
  ids: readonly NodeId[],
  made: GraphNode,
): GraphDocument {
  const gone = new Set(ids);
  const nodes: Record<NodeId, GraphNode> = {};
  const [first] = Object.keys(document.nodes).filter((id) => gone.has(id));
  for (const node of Object.values(document.nodes)) {
    if (node.id === first) {
      nodes[made.id] = made;
    }
    if (!gone.has(node.id)) {
      nodes[node.id] = relinked(node, gone, made.id);
    }
  }
  return { ...document, nodes };
}

function relinked(node: GraphNode, gone: ReadonlySet<NodeId>, to: NodeId): GraphNode {
  const inputs: Record<string, Input> = {};
  let isSame = true;
  for (const [name, input] of Object.entries(node.inputs)) {
    const isLost = input.kind === "link" && gone.has(input.node);
    inputs[name] = isLost ? { ...input, node: to } : input;
    isSame &&= !isLost;
  }
  return isSame ? node : { ...node, inputs };
}
