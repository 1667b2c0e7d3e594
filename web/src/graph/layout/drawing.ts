/** A graph as the layout sees it: boxes in columns, and wires that pull at their sockets. */

import type { Catalogue } from "../../catalogue/catalogue";
import { socketPlace } from "../geometry";
import { shapeIn } from "../frames";
import type { GraphDocument, NodeId } from "../model";
import { wiresOf } from "../model";
import { sourceType } from "../rules";

/** What shows pictures grows by them once it has run. */
const PICTURE_ROOM = 260;

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** A wire, with the height of its sockets below the tops of their boxes. */
export interface Pull {
  readonly from: string;
  readonly to: string;
  readonly fromY: number;
  readonly toY: number;
  readonly isMain: boolean;
}

export interface Drawing {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly pulls: readonly Pull[];
}

/**
 * The nodes that are to be laid out, and the wires between them.
 *
 * ``drawn`` has the heights of nodes as they are on the canvas, with what they show below their
 * sockets.
 */
export function drawingOf(
  document: GraphDocument,
  ids: Iterable<NodeId>,
  catalogue: Catalogue,
  drawn?: ReadonlyMap<NodeId, number>,
): Drawing {
  const boxes = new Map<string, Box>();
  const shapes = new Map<string, ReturnType<typeof shapeIn>>();
  for (const id of ids) {
    const node = document.nodes[id];
    if (node !== undefined) {
      const shape = shapeIn(document, node, catalogue);
      shapes.set(id, shape);
      const room = catalogue.types.get(node.type)?.is_output === true ? PICTURE_ROOM : 0;
      const height = Math.max(shape.height + room, drawn?.get(id) ?? 0);
      boxes.set(id, { id, width: shape.width, height });
    }
  }
  const pulls: Pull[] = [];
  for (const { from, output, to, input } of wiresOf(document)) {
    const [start, end] = [shapes.get(from), shapes.get(to)];
    if (start !== undefined && end !== undefined && from !== to) {
      pulls.push({
        from,
        to,
        fromY: socketPlace(start, "out", output).y,
        toY: socketPlace(end, "in", input).y,
        isMain: sourceType(document, from, output, catalogue) === "PIPELINE",
      });
    }
  }
  return { boxes, pulls };
}

/** The parts of a drawing that no wire holds together, the largest first. */
export function partsOf(drawing: Drawing): Drawing[] {
  const root = new Map<string, string>();
  const rootOf = (id: string): string => {
    let at = id;
    for (let up = root.get(at); up !== undefined; up = root.get(at)) {
      at = up;
    }
    return at;
  };
  for (const { from, to } of drawing.pulls) {
    const [one, other] = [rootOf(from), rootOf(to)];
    if (one !== other) {
      root.set(other, one);
    }
  }
  const parts = new Map<string, { boxes: Map<string, Box>; pulls: Pull[] }>();
  for (const box of drawing.boxes.values()) {
    const key = rootOf(box.id);
    const part = parts.get(key) ?? { boxes: new Map<string, Box>(), pulls: [] };
    part.boxes.set(box.id, box);
    parts.set(key, part);
  }
  for (const pull of drawing.pulls) {
    parts.get(rootOf(pull.from))?.pulls.push(pull);
  }
  return [...parts.values()].toSorted((one, other) => other.boxes.size - one.boxes.size);
}

export function groupedBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, [item]);
    } else {
      known.push(item);
    }
  }
  return found;
}
