/** Two fingers anywhere on the canvas, on nodes too: they zoom and move it. */

import type { Place } from "../graph/edit";
import { canvasFrame, currentFlow } from "../stores/view";
import type { View } from "./viewport";
import { LEAST_ZOOM, MOST_ZOOM } from "./viewport";

interface Pinch {
  readonly view: View;
  readonly middle: Place;
  readonly distance: number;
}

/** The view after two fingers went from one place and distance to others. */
export function pinched({ view, middle, distance }: Pinch, to: Place, apart: number): View {
  const wanted = view.zoom * (apart / Math.max(distance, 1));
  const zoom = Math.min(Math.max(wanted, LEAST_ZOOM), MOST_ZOOM);
  const scale = zoom / view.zoom;
  return {
    x: to.x - (middle.x - view.x) * scale,
    y: to.y - (middle.y - view.y) * scale,
    zoom,
  };
}

/** Follow two fingers that begin within an element; returns a function that ends it. */
export function watchPinch(element: HTMLElement): () => void {
  let pinch: Pinch | undefined;
  const onStart = (event: TouchEvent): void => {
    const view = currentFlow()?.getViewport();
    if (event.touches.length === 2 && view !== undefined) {
      pinch = { view, ...betweenFingers(event) };
      event.stopPropagation();
      event.preventDefault();
    }
  };
  const onMove = (event: TouchEvent): void => {
    if (pinch === undefined) {
      return;
    }
    // What one finger began, such as dragging a node, waits until both are lifted.
    event.stopPropagation();
    event.preventDefault();
    if (event.touches.length === 2) {
      const { middle, distance } = betweenFingers(event);
      void currentFlow()?.setViewport(pinched(pinch, middle, distance));
    }
  };
  const onEnd = (event: TouchEvent): void => {
    if (event.touches.length === 0) {
      pinch = undefined;
    }
  };
  const options = { capture: true, passive: false };
  element.addEventListener("touchstart", onStart, options);
  window.addEventListener("touchmove", onMove, options);
  window.addEventListener("touchend", onEnd, true);
  window.addEventListener("touchcancel", onEnd, true);
  return () => {
    element.removeEventListener("touchstart", onStart, true);
    window.removeEventListener("touchmove", onMove, true);
    window.removeEventListener("touchend", onEnd, true);
    window.removeEventListener("touchcancel", onEnd, true);
  };
}

function betweenFingers({ touches }: TouchEvent): { middle: Place; distance: number } {
  const frame = canvasFrame();
  const [one, other] = [touches[0], touches[1]].map((touch) => ({
    x: (touch?.clientX ?? 0) - frame.x,
    y: (touch?.clientY ?? 0) - frame.y,
  })) as [Place, Place];
  return {
    middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
    distance: Math.hypot(one.x - other.x, one.y - other.y),
  };
}
