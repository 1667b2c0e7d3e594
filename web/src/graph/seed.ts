/** The seed of the run: that of every node which has none of its own. */

import type { GraphDocument } from "./model";

const NAME = "seed";

/** The seed that is fixed for this graph; null where each run picks a new one. */
export function seedOf(document: GraphDocument): number | null {
  const seed = document.extra[NAME];
  return typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0 ? seed : null;
}

/** Fix the seed of the run, or let each run pick one. */
export function withSeed(document: GraphDocument, seed: number | null): GraphDocument {
  if (seedOf(document) === seed) {
    return document;
  }
  const { [NAME]: _, ...others } = document.extra;
  return { ...document, extra: seed === null ? others : { ...others, [NAME]: seed } };
}
