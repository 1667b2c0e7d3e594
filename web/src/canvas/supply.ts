/** Adding what an input lacks: a change of the document, with the new node selected. */

import type { NodeType } from "../catalogue/types";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit } from "../stores/document";
import { select } from "../stores/interface";
import { currentFlow } from "../stores/view";
import { addSupplier } from "./addLinked";
import type { WireEnd } from "./ends";
import { offerNodes } from "./linkDrag";
import { focusNode } from "./focus";

/** Add a node of a type before the one that lacks a value. */
export function supply(type: NodeType, end: WireEnd): void {
  let added: readonly string[] = [];
  edit("edit.supply", (document) => {
    const placed = addSupplier(document, type, end, currentCatalogue());
    added = placed.ids;
    return placed.document;
  });
  select(added);
  const [first] = added;
  if (first !== undefined) {
    focusNode(first);
  }
}

/** Offer every node type whose output fits an input, beside it. */
export function supplyAny(end: WireEnd): void {
  const node = currentDocument().nodes[end.node];
  const flow = currentFlow();
  if (node !== undefined && flow !== undefined) {
    offerNodes(end, flow.flowToScreenPosition({ x: node.x - 120, y: node.y + 40 }));
  }
}
