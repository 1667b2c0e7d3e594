/** Putting things in line: align, distribute, snap to the grid. */

import type { Catalogue } from "../catalogue/catalogue";
import type { Place } from "./edit";
import { move } from "./edit";
import type { Frame } from "./frames";
import { frameAround, framesOf } from "./frames";
import type { GraphDocument } from "./model";

export type Edge = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "across" | "down";

/** Bring frames to one edge or middle of the frame around them all. */
export function align(
  document: GraphDocument,
  ids: Iterable<string>,
  edge: Edge,
  catalogue: Catalogue,
): GraphDocument {
  const frames = framesOf(document, ids, catalogue);
  const around = frameAround(frames.values());
  if (around === undefined || frames.size < 2) {
    return document;
  }
  const places: Record<string, Place> = {};
  for (const [id, frame] of frames) {
    places[id] = aligned(frame, around, edge);
  }
  return move(document, places);
}

function aligned({ x, y, width, height }: Frame, around: Frame, edge: Edge): Place {
  const right = around.x + around.width - width;
  const bottom = around.y + around.height - height;
  switch (edge) {
    case "left":
      return { x: around.x, y };
    case "centre":
      return { x: Math.round((around.x + right) / 2), y };
    case "right":
      return { x: right, y };
    case "top":
      return { x, y: around.y };
    case "middle":
      return { x, y: Math.round((around.y + bottom) / 2) };
    case "bottom":
      return { x, y: bottom };
  }
}

/** Make the gaps between frames the same; the outermost stay where they are. */
export function distribute(
  document: GraphDocument,
  ids: Iterable<string>,
  axis: Axis,
  catalogue: Catalogue,
): GraphDocument {
  const [at, size] = axis === "across" ? (["x", "width"] as const) : (["y", "height"] as const);
  const frames = [...framesOf(document, ids, catalogue)].toSorted(
    ([, one], [, other]) => one[at] + one[size] / 2 - (other[at] + other[size] / 2),
  );
  const [first, last] = [frames[0]?.[1], frames.at(-1)?.[1]];
  if (first === undefined || last === undefined || frames.length < 3) {
    return document;
  }
  const total = frames.reduce((sum, [, frame]) => sum + frame[size], 0);
  const gap = (last[at] + last[size] - first[at] - total) / (frames.length - 1);
  const places: Record<string, Place> = {};
  let next = first[at];
  for (const [id, frame] of frames) {
    places[id] = { x: frame.x, y: frame.y, [at]: Math.round(next) };
    next += frame[size] + gap;
  }
  return move(document, places);
}

/** Bring upper left corners to a grid. */
export function snap(
  document: GraphDocument,
  ids: Iterable<string>,
  grid: number,
  catalogue: Catalogue,
): GraphDocument {
  const places: Record<string, Place> = {};
  for (const [id, { x, y }] of framesOf(document, ids, catalogue)) {
    places[id] = { x: onGrid(x, grid), y: onGrid(y, grid) };
  }
  return move(document, places);
}

function onGrid(value: number, grid: number): number {
  return Math.round(value / grid) * grid;
}
