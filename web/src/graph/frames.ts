/** Frames of what is drawn: where a node, note or group is and how large, from the document alone. */

import type { Catalogue } from "../catalogue/catalogue";
import type { Place } from "./edit";
import type { NodeShape } from "./geometry";
import { shapeOf, socketPlace } from "./geometry";
import type { GraphDocument, GraphNode, NodeId } from "./model";
import { wiresOf } from "./model";

export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const NONE: ReadonlySet<string> = new Set();
const usedByDocument = new WeakMap<GraphDocument, ReadonlyMap<NodeId, ReadonlySet<string>>>();

/** The outputs of every node that wires start from. */
export function usedOutputs(document: GraphDocument): ReadonlyMap<NodeId, ReadonlySet<string>> {
  const known = usedByDocument.get(document);
  if (known !== undefined) {
    return known;
  }
  const used = new Map<NodeId, Set<string>>();
  for (const { from, output } of wiresOf(document)) {
    const outputs = used.get(from) ?? new Set<string>();
    used.set(from, outputs.add(output));
  }
  usedByDocument.set(document, used);
  return used;
}

export function shapeIn(document: GraphDocument, node: GraphNode, catalogue: Catalogue): NodeShape {
  const used = usedOutputs(document).get(node.id) ?? NONE;
  return shapeOf(node, catalogue.types.get(node.type), used);
}

/** The frame of a node, note or group; undefined where there is none of this id. */
export function frameOf(
  document: GraphDocument,
  id: string,
  catalogue: Catalogue,
): Frame | undefined {
  const node = document.nodes[id];
  if (node === undefined) {
    return document.notes[id] ?? document.groups[id];
  }
  const { width, height } = shapeIn(document, node, catalogue);
  return { x: node.x, y: node.y, width, height };
}

export function framesOf(
  document: GraphDocument,
  ids: Iterable<string>,
  catalogue: Catalogue,
): ReadonlyMap<string, Frame> {
  const found = new Map<string, Frame>();
  for (const id of ids) {
    const frame = frameOf(document, id, catalogue);
    if (frame !== undefined && Number.isFinite(frame.x) && Number.isFinite(frame.y)) {
      found.set(id, frame);
    }
  }
  return found;
}

/** The smallest frame around others; undefined where there are none. */
export function frameAround(frames: Iterable<Frame>): Frame | undefined {
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, y, width, height } of frames) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return right < left ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

/** Where on the canvas a socket of a node is. */
export function socketOnCanvas(
  document: GraphDocument,
  node: GraphNode,
  side: "in" | "out",
  name: string,
  catalogue: Catalogue,
): Place {
  const place = socketPlace(shapeIn(document, node, catalogue), side, name);
  return { x: node.x + place.x, y: node.y + place.y };
}
