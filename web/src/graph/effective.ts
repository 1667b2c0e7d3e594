/** What a drawn graph means: without reroutes, muted nodes left out, bypassed ones handed through. */

import type { Catalogue } from "../catalogue/catalogue";
import { outputOf } from "../catalogue/catalogue";
import type { GraphDocument, GraphNode, Input, Link } from "./model";
import { REROUTE } from "./model";

/** The nodes as they run. A link to what does not run is left out, so that the check names it. */
export function effectiveNodes(
  document: GraphDocument,
  catalogue: Catalogue,
): Readonly<Record<string, GraphNode>> {
  const nodes: Record<string, GraphNode> = {};
  for (const node of Object.values(document.nodes)) {
    if (node.type !== REROUTE && node.mode === "active") {
      nodes[node.id] = withEffectiveLinks(node, document, catalogue);
    }
  }
  return nodes;
}

function withEffectiveLinks(
  node: GraphNode,
  document: GraphDocument,
  catalogue: Catalogue,
): GraphNode {
  const inputs: Record<string, Input> = {};
  let isSame = true;
  for (const [name, input] of Object.entries(node.inputs)) {
    const found = input.kind === "link" ? follow(input, document, catalogue) : input;
    isSame &&= found === input;
    if (found !== undefined) {
      inputs[name] = found;
    }
  }
  return isSame ? node : { ...node, inputs };
}

/** Where a link really gets its value; undefined where nothing stands behind it. */
export function follow(
  link: Link,
  document: GraphDocument,
  catalogue: Catalogue,
): Input | undefined {
  const seen = new Set<string>();
  let at: Input | undefined = link;
  while (at?.kind === "link") {
    const node: GraphNode | undefined = document.nodes[at.node];
    // A link to a node that is not there stays: the check says so.
    if (node === undefined || (node.type !== REROUTE && node.mode === "active")) {
      return at;
    }
    if (seen.has(at.node) || node.mode === "muted") {
      return undefined;
    }
    seen.add(at.node);
    at = node.type === REROUTE ? node.inputs["value"] : handedThrough(node, at.output, catalogue);
  }
  return at;
}

/** What a bypassed node hands on for an output: its first given input of that type. */
function handedThrough(node: GraphNode, output: string, catalogue: Catalogue): Input | undefined {
  const type = catalogue.types.get(node.type);
  const wanted = outputOf(type, output)?.type;
  const sameName = type?.inputs?.filter((socket) => socket.name === output) ?? [];
  for (const socket of [...sameName, ...(type?.inputs ?? [])]) {
    const input = node.inputs[socket.name];
    if (socket.type === wanted && input !== undefined) {
      return input;
    }
  }
  return undefined;
}
