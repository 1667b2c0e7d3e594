/** Which node types could give an input its value. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf, outputOf } from "../catalogue/catalogue";
import type { NodeType } from "../catalogue/types";
import { MAIN_WIRE } from "../graph/model";

/** Node types that write a value of that name, those of the node's own family first. */
export function suppliersOf(
  target: NodeType | undefined,
  socket: string,
  catalogue: Catalogue,
): readonly NodeType[] {
  const own = target?.family ?? "";
  const wanted = inputOf(target, socket)?.type;
  const found = [...catalogue.types.values()].filter((type) => {
    const output = outputOf(type, socket);
    const isStep = type.kind === "loop_step" || type.id === target?.id;
    return output !== undefined && !isStep && (wanted === undefined || wanted === output.type);
  });
  const ofFamily = own === "" ? [] : found.filter(({ family }) => family === own);
  const fitting = ofFamily.length > 0 ? ofFamily : found;
  return fitting.toSorted((one, other) => weightOf(one) - weightOf(other));
}

/** Blocks that do one thing come before those that do everything, and that need a wire of their own. */
function weightOf(type: NodeType): number {
  const isWhole = inputOf(type, MAIN_WIRE) !== undefined && (type.outputs?.length ?? 0) > 12;
  const kind = type.kind === "leaf" ? 0 : type.kind === "conditional" ? 1 : 2;
  return kind + (isWhole ? 3 : 0);
}
