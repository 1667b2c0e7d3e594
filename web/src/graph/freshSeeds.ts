/** Seeds that are new for each run, on the nodes that ask for it. */

import type { Catalogue } from "../catalogue/catalogue";
import type { InputSocket } from "../catalogue/types";
import { changeNode, typeValue } from "./edit";
import type { GraphDocument, GraphNode } from "./model";

/** "keep" is how it is where nothing is said. */
export type SeedMode = "keep" | "new";

const META = "seed_mode";
const LARGEST = 2 ** 32 - 1;

export function seedModeOf(node: GraphNode): SeedMode {
  return node.meta[META] === "new" ? "new" : "keep";
}

export function setSeedMode(document: GraphDocument, id: string, mode: SeedMode): GraphDocument {
  const node = document.nodes[id];
  if (node === undefined || seedModeOf(node) === mode) {
    return document;
  }
  const { [META]: _, ...others } = node.meta;
  return changeNode(document, id, { meta: mode === "new" ? { ...others, [META]: mode } : others });
}

/** A seed that can be read out and typed: at most ten digits, within the socket's limits. */
export function randomSeed(socket?: InputSocket): number {
  const least = Math.max(socket?.widget?.minimum ?? 0, 0);
  const most = Math.min(socket?.widget?.maximum ?? LARGEST, LARGEST);
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return least + (random % (most - least + 1));
}

/**
 * The document with a new seed on every node that wants one for each run; the same where none does.
 * To be called for runs that a user starts, not for those that follow a change: they would never end.
 */
export function withFreshSeeds(
  document: GraphDocument,
  catalogue: Catalogue,
  random: (socket: InputSocket) => number = randomSeed,
): GraphDocument {
  let next = document;
  for (const node of Object.values(document.nodes)) {
    if (node.mode !== "active" || seedModeOf(node) !== "new") {
      continue;
    }
    for (const socket of catalogue.types.get(node.type)?.inputs ?? []) {
      if (socket.type === "SEED" && node.inputs[socket.name]?.kind !== "link") {
        next = typeValue(next, node.id, socket.name, random(socket));
      }
    }
  }
  return next;
}
