/** Putting a node that is being dragged into a wire. */

import type { Catalogue } from "../catalogue/catalogue";
import type { Place } from "../graph/edit";
import { move } from "../graph/edit";
import type { Frame } from "../graph/frames";
import { frameOf, socketOnCanvas } from "../graph/frames";
import { HEADER_HEIGHT } from "../graph/geometry";
import { insertFit, insertOnWire } from "../graph/insert";
import type { GraphDocument, NodeId, Wire } from "../graph/model";
import { wiresOf } from "../graph/model";
import { downstreamOf } from "../graph/reach";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument } from "../stores/document";
import type { FlowNode } from "./flow";
import { wireId } from "./flow";
import { crossing } from "./wirePath";

/** A wire that the node may be put into, with its ends: they stay where they are meanwhile. */
export interface DropWire {
  readonly id: string;
  readonly from: Place;
  readonly to: Place;
}

/** The space between nodes that is made where an inserted one needs it. */
const GAP = 90;
const GRID = 10;

/** Every wire that a node could be put into, in the graph as it is or will be. */
export function wiresToDropOn(
  id: NodeId,
  document: GraphDocument = currentDocument(),
): readonly DropWire[] {
  const catalogue = currentCatalogue();
  const node = document.nodes[id];
  if (node === undefined) {
    return [];
  }
  return wiresOf(document).flatMap((wire) => {
    const [source, target] = [document.nodes[wire.from], document.nodes[wire.to]];
    if (source === undefined || target === undefined) {
      return [];
    }
    return insertFit(document, wire, node, catalogue) === undefined
      ? []
      : [
          {
            id: wireId(wire),
            from: socketOnCanvas(document, source, "out", wire.output, catalogue),
            to: socketOnCanvas(document, target, "in", wire.input, catalogue),
          },
        ];
  });
}

/** The wire that a dragged node lies on, the one nearest to the middle of its header. */
export function wireBelow(wires: readonly DropWire[], node: FlowNode): string | null {
  const width = node.measured?.width ?? node.initialWidth ?? 0;
  const height = node.measured?.height ?? node.initialHeight ?? 0;
  return wireUnder(wires, { ...node.position, width, height });
}

/** The wire that runs through the frame of a node, the one nearest to the middle of its header. */
export function wireUnder(wires: readonly DropWire[], frame: Frame): string | null {
  const near = { x: frame.x + frame.width / 2, y: frame.y + HEADER_HEIGHT / 2 };
  let found: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const { id, from, to } of wires) {
    const far = crossing(from, to, frame, near);
    if (far !== undefined && far < least) {
      found = id;
      least = far;
    }
  }
  return found;
}

/** Put a node into a wire, and move what comes after it to make room where it has none. */
export function insertWithRoom(
  document: GraphDocument,
  id: NodeId,
  wire: Wire,
  catalogue: Catalogue,
): GraphDocument {
  const node = document.nodes[id];
  const [frame, next] = [frameOf(document, id, catalogue), frameOf(document, wire.to, catalogue)];
  if (node === undefined || frame === undefined || next === undefined) {
    return document;
  }
  const inserted = insertOnWire(document, wire, node, catalogue);
  const missing = frame.x + frame.width + GAP - next.x;
  if (inserted === document || missing <= 0) {
    return inserted;
  }
  const shift = Math.ceil(missing / GRID) * GRID;
  const places: Record<string, Place> = {};
  for (const after of downstreamOf(document, [wire.to])) {
    const moved = document.nodes[after];
    if (moved !== undefined && moved.x >= next.x) {
      places[after] = { x: moved.x + shift, y: moved.y };
    }
  }
  return move(inserted, places);
}
