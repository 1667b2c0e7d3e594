/** Which part of a graph is shown: around all of it, or where somebody left it. */

import type { Frame } from "../graph/frames";
import type { GraphDocument, Json } from "../graph/model";

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const LEAST_ZOOM = 0.05;
export const MOST_ZOOM = 2.5;
/** Below this zoom nothing on a node can be read: it is drawn as a plain card. */
export const CARD_ZOOM = 0.35;
/** Larger graphs are not shown as a whole when they are opened: nothing could be read. */
export const MOST_SHOWN_AT_ONCE = 150;

/** A graph is opened at no smaller zoom: its nodes are never mere cards at first. */
export const LEAST_FIRST_ZOOM = 0.36;
const FIRST_ZOOM = 0.75;
const MARGIN = 48;

/**
 * The view that shows a frame as a whole, not larger than it is; its middle is in the middle.
 *
 * Where that would take a smaller zoom than the least one, its beginning is shown instead.
 */
export function viewOf(frame: Frame, size: Size, leastZoom = LEAST_ZOOM): View {
  const across = (size.width - 2 * MARGIN) / Math.max(frame.width, 1);
  const down = (size.height - 2 * MARGIN) / Math.max(frame.height, 1);
  const zoom = Math.min(Math.max(Math.min(across, down), leastZoom), 1);
  return {
    x: Math.round(startOf(frame.x, frame.width, size.width, zoom)),
    y: Math.round(startOf(frame.y, frame.height, size.height, zoom)),
    zoom,
  };
}

/** In the middle where it fits, else from its beginning on. */
function startOf(start: number, length: number, room: number, zoom: number): number {
  return length * zoom <= room - MARGIN
    ? room / 2 - (start + length / 2) * zoom
    : MARGIN / 2 - start * zoom;
}

/** The view of the upper left corner of a frame, at a zoom at which all can be read. */
export function viewOfStart(frame: Frame): View {
  return {
    x: Math.round(MARGIN - frame.x * FIRST_ZOOM),
    y: Math.round(MARGIN - frame.y * FIRST_ZOOM),
    zoom: FIRST_ZOOM,
  };
}

/** Where a graph was left, as its file says; undefined where it does not, or not sensibly. */
export function savedView(document: GraphDocument): View | undefined {
  const saved: Json | undefined = document.extra["viewport"];
  if (!Array.isArray(saved)) {
    return undefined;
  }
  const [x, y, zoom] = saved as readonly Json[];
  const isSound =
    typeof x === "number" && typeof y === "number" && typeof zoom === "number" && zoom > 0;
  return isSound ? { x, y, zoom: Math.min(Math.max(zoom, LEAST_ZOOM), MOST_ZOOM) } : undefined;
}

/** The document with a view in it, as it is saved. */
export function withView(document: GraphDocument, { x, y, zoom }: View): GraphDocument {
  const viewport = [Math.round(x), Math.round(y), Number(zoom.toFixed(3))];
  return { ...document, extra: { ...document.extra, viewport } };
}

/** Whether any part of a frame is seen. */
export function isInView(frame: Frame, view: View, size: Size, margin = 0): boolean {
  const left = frame.x * view.zoom + view.x;
  const top = frame.y * view.zoom + view.y;
  return (
    left + frame.width * view.zoom >= margin &&
    top + frame.height * view.zoom >= margin &&
    left <= size.width - margin &&
    top <= size.height - margin
  );
}

/** Between dots, on the canvas. */
const DOT_GAP = 20;
const DOT_RADIUS = 0.7;
/** On screen dots lie no closer than this: from afar only every second one, or fewer, is drawn. */
const LEAST_GAP = 12;

export interface Dots {
  readonly gap: number;
  readonly radius: number;
  /** How far a layer of dots is shifted; the middle of its first one is at its radius. */
  readonly left: number;
  readonly top: number;
}

/** The dots behind a graph, in pixels of the screen. */
export function dotsIn({ x, y, zoom }: View): Dots {
  let gap = DOT_GAP * zoom;
  while (gap < LEAST_GAP) {
    gap *= 2;
  }
  const radius = DOT_RADIUS * Math.max(zoom, 1);
  const shift = (place: number): number => ((((place - radius) % gap) + gap) % gap) - gap;
  return { gap, radius, left: shift(x), top: shift(y) };
}
