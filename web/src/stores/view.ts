/** The part of the graph that is on screen, for whoever is not inside the canvas. */

import type { ReactFlowInstance } from "@xyflow/react";
import type { FlowEdge, FlowNode } from "../canvas/flow";
import { viewOf } from "../canvas/viewport";
import type { Place } from "../graph/edit";
import { frameAround, framesOf } from "../graph/frames";
import { currentCatalogue } from "./catalogue";
import { useDocument } from "./document";

type Flow = ReactFlowInstance<FlowNode, FlowEdge>;

let flow: Flow | undefined;

/** The canvas tells who draws it; ``undefined`` when it goes away. */
export function setFlow(found: Flow | undefined): void {
  flow = found;
}

/** The canvas library's own handle; undefined before the canvas is drawn. */
export function currentFlow(): Flow | undefined {
  return flow;
}

/** Where a point of the screen is in the graph. */
export function placeAt(screen: Place): Place {
  return flow?.screenToFlowPosition(screen, { snapToGrid: false }) ?? screen;
}

/** The canvas on the screen; the whole window before it is there. */
export function canvasFrame(): DOMRect {
  const canvas = document.querySelector("[data-canvas]");
  return canvas?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
}

/** The place of the graph in the middle of the view. */
export function viewCentre(): Place {
  const { x, y, width, height } = canvasFrame();
  return placeAt({ x: x + width / 2, y: y + height / 2 });
}

const MOTION = 240;

/** How long the view takes to move; at once for those who want less motion. */
export function motionTime(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOTION;
}

/** Bring nodes, notes and groups into view, not larger than they are. */
export function showNodes(ids: readonly string[]): void {
  const { document } = useDocument.getState();
  const frame = frameAround(framesOf(document, ids, currentCatalogue()).values());
  if (frame !== undefined) {
    const { width, height } = canvasFrame();
    void flow?.setViewport(viewOf(frame, { width, height }), { duration: motionTime() });
  }
}

let pointer: Place | undefined;

/** Where on the screen the mouse, pen or finger was last; undefined before it was anywhere. */
export function lastPointer(): Place | undefined {
  return pointer;
}

/** Remember where the pointer is; returns a function that ends it. */
export function watchPointer(): () => void {
  const note = ({ clientX, clientY }: PointerEvent): void => {
    pointer = { x: clientX, y: clientY };
  };
  window.addEventListener("pointermove", note, { passive: true });
  window.addEventListener("pointerdown", note, { passive: true });
  return () => {
    window.removeEventListener("pointermove", note);
    window.removeEventListener("pointerdown", note);
  };
}
