/** Which node types could give an input its value. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf, listedTypes, outputOf } from "../catalogue/catalogue";
import type { NodeType } from "../catalogue/types";
import type { GraphDocument } from "../graph/model";
import { MAIN_WIRE } from "../graph/model";

/**
 * Node types that write a value of that name.
 *
 * Of the node's own family alone, where any does; else of the families that the graph is made of.
 */
export function suppliersOf(
  target: NodeType | undefined,
  socket: string,
  catalogue: Catalogue,
  families: ReadonlySet<string> = new Set(),
): readonly NodeType[] {
  const own = target?.family ?? "";
  const meant = own === "" ? families : new Set([own]);
  const wanted = inputOf(target, socket)?.type;
  const found = listedTypes(catalogue).filter((type) => {
    const output = outputOf(type, socket);
    const isStep = type.kind === "loop_step" || type.id === target?.id;
    return output !== undefined && !isStep && (wanted === undefined || wanted === output.type);
  });
  const ofFamily = found.filter(({ family }) => meant.has(family ?? ""));
  const fitting = ofFamily.length > 0 ? ofFamily : found;
  return fitting.toSorted((one, other) => weightOf(one) - weightOf(other));
}

/** The families of the blocks in a graph. */
export function familiesIn(document: GraphDocument, catalogue: Catalogue): ReadonlySet<string> {
  const types = Object.values(document.nodes).map(({ type }) => catalogue.types.get(type));
  return new Set(types.flatMap((type) => type?.family ?? []).filter((family) => family !== ""));
}

/** Blocks that do one thing come before those that do everything, and that need a wire of their own. */
function weightOf(type: NodeType): number {
  const isWhole = inputOf(type, MAIN_WIRE) !== undefined && (type.outputs?.length ?? 0) > 12;
  const kind = type.kind === "leaf" ? 0 : type.kind === "conditional" ? 1 : 2;
  return kind + (isWhole ? 3 : 0);
}
