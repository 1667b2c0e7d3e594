/** The whole state at a node: what of it is shown. */

import type { StateValue } from "../../protocol/blockStates";
import { markOf } from "./values";

export interface WholeFilter {
  readonly filter: string;
  readonly isOnlyChanged: boolean;
  readonly before: readonly StateValue[] | undefined;
}

/** The values that fit all words of the filter, by name, type, node or bundle. */
export function shownValues(
  values: readonly StateValue[],
  { filter, isOnlyChanged, before }: WholeFilter,
): readonly StateValue[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return values.filter((value) => {
    const mark = markOf(value, before);
    const isAsked = !isOnlyChanged || mark === "new" || mark === "changed";
    const text = textOf(value);
    return isAsked && words.every((word) => text.includes(word));
  });
}

function textOf({ name, writer, bundles, value }: StateValue): string {
  const about = value === null ? "" : `${value.kind} ${value.type} ${value.text}`;
  return `${name} ${writer} ${bundles.join(" ")} ${about}`.toLowerCase();
}
