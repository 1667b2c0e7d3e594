/** Colours that say what belongs together: one hue for each family, one colour for each type. */

import type { NodeType, SocketType } from "../catalogue/types";

const GOLDEN_ANGLE = 137.508;

/** The hue of a family, in degrees: the same one every time, without a list of families. */
export function familyHue(type: NodeType | undefined): number {
  const name =
    type?.family !== undefined && type.family !== "" ? type.family : (type?.category[0] ?? "");
  return hueOf(name);
}

/** The hue that belongs to a name. */
export function hueOf(name: string): number {
  let hash = 7;
  for (const letter of name) {
    hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  }
  return Math.round((hash * GOLDEN_ANGLE) % 360);
}

export function wireColour(type: SocketType | string): string {
  return `var(--wire-${type.toLowerCase()})`;
}
