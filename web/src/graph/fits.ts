/** Which sockets suit each other best, where a user has named only one end of a wire. */

import type { Catalogue } from "../catalogue/catalogue";
import type { InputSocket, NodeType, OutputSocket, SocketType } from "../catalogue/types";
import { mayFlow } from "./rules";

/** One end of a wire that is being drawn. */
export interface LooseEnd {
  readonly type: SocketType;
  /** The socket's name: a socket of the same name at the other end is meant first. */
  readonly name: string;
}

/** The input of a node that a value suits best; inputs in ``taken`` are linked already. */
export function bestInput(
  type: NodeType | undefined,
  source: LooseEnd,
  catalogue: Catalogue,
  taken: ReadonlySet<string> = new Set(),
): InputSocket | undefined {
  return best(type?.inputs ?? [], (socket) => {
    const fit = fitOf(source.type, socket.type, catalogue);
    if (fit === 0) {
      return 0;
    }
    const isFree = !taken.has(socket.name);
    const need = socket.is_required === true ? 3 : socket.role === "intermediate" ? 0 : 2;
    return (isFree ? 1000 : 0) + fit * 100 + (socket.name === source.name ? 50 : 0) + need;
  });
}

/** The output of a node that suits an input best. */
export function bestOutput(
  type: NodeType | undefined,
  target: LooseEnd,
  catalogue: Catalogue,
): OutputSocket | undefined {
  return best(type?.outputs ?? [], (socket) => {
    const fit = fitOf(socket.type, target.type, catalogue);
    return fit === 0 ? 0 : fit * 100 + (socket.name === target.name ? 50 : 0) + 1;
  });
}

/** 3: the same type, 2: accepted there, 1: anything goes there, 0: does not fit. */
function fitOf(source: SocketType, target: SocketType, catalogue: Catalogue): 0 | 1 | 2 | 3 {
  if (!mayFlow(source, target, catalogue.accepts).isValid) {
    return 0;
  }
  if (source === target) {
    return 3;
  }
  return source === "ANY" || target === "ANY" ? 1 : 2;
}

/** The item with the highest score above 0; of equals the first. */
function best<T>(items: readonly T[], score: (item: T) => number): T | undefined {
  let found: T | undefined;
  let most = 0;
  for (const item of items) {
    const points = score(item);
    if (points > most) {
      most = points;
      found = item;
    }
  }
  return found;
}
