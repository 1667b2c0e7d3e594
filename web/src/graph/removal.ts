/** Taking nodes out of a chain without cutting it. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf, outputOf } from "../catalogue/catalogue";
import { remove } from "./edit";
import type { GraphDocument, GraphNode, Input, Link } from "./model";
import { REROUTE } from "./model";
import { mayFlow } from "./rules";

/** Delete and close the gap: what a node was given on the main wire goes on to what came after. */
export function removeAndClose(
  document: GraphDocument,
  ids: ReadonlySet<string>,
  catalogue: Catalogue,
): GraphDocument {
  const nodes: Record<string, GraphNode> = {};
  for (const node of Object.values(document.nodes)) {
    nodes[node.id] = ids.has(node.id) ? node : closed(node, document, ids, catalogue);
  }
  return remove({ ...document, nodes }, ids);
}

function closed(
  node: GraphNode,
  document: GraphDocument,
  ids: ReadonlySet<string>,
  catalogue: Catalogue,
): GraphNode {
  let inputs = node.inputs;
  for (const [name, input] of Object.entries(node.inputs)) {
    if (input.kind === "link" && ids.has(input.node)) {
      const behind = linkBehind(input, document, ids, catalogue);
      if (behind !== undefined) {
        inputs = { ...inputs, [name]: behind };
      }
    }
  }
  return inputs === node.inputs ? node : { ...node, inputs };
}

/** Where a link comes from once these nodes are gone. */
function linkBehind(
  link: Link,
  document: GraphDocument,
  ids: ReadonlySet<string>,
  catalogue: Catalogue,
): Link | undefined {
  const seen = new Set<string>();
  let at: Input | undefined = link;
  while (at?.kind === "link" && ids.has(at.node)) {
    const node: GraphNode | undefined = document.nodes[at.node];
    if (node === undefined || seen.has(node.id)) {
      return undefined;
    }
    seen.add(node.id);
    at = givenFor(node, at.output, catalogue);
  }
  return at?.kind === "link" && at.node in document.nodes ? at : undefined;
}

/** The linked input that stands for an output: of the same name if there is one, else of its type. */
function givenFor(node: GraphNode, output: string, catalogue: Catalogue): Input | undefined {
  if (node.type === REROUTE) {
    return node.inputs["value"];
  }
  const type = catalogue.types.get(node.type);
  const wanted = outputOf(type, output)?.type;
  const named = inputOf(type, output);
  const candidates = [...(named === undefined ? [] : [named]), ...(type?.inputs ?? [])];
  for (const socket of candidates) {
    const input = node.inputs[socket.name];
    const fits = wanted === socket.type && mayFlow(socket.type, wanted, catalogue.accepts).isValid;
    if (fits && input?.kind === "link") {
      return input;
    }
  }
  return undefined;
}
