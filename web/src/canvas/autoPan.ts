/** Moves the canvas while something is dragged to its edge. */

import type { Place } from "../graph/edit";
import { canvasFrame, currentFlow } from "../stores/view";

const EDGE = 40;
const FASTEST = 14;

/** Move while ``at`` is near an edge, and say so after each move; returns a function that ends it. */
export function keepPanning(at: () => Place, onMove: (screen: Place) => void): () => void {
  const frame = canvasFrame();
  let request = 0;
  const step = (): void => {
    const place = at();
    const { x, y } = speedAt(place, frame);
    const flow = currentFlow();
    if ((x !== 0 || y !== 0) && flow !== undefined) {
      const view = flow.getViewport();
      void flow.setViewport({ x: view.x + x, y: view.y + y, zoom: view.zoom });
      onMove(place);
    }
    request = requestAnimationFrame(step);
  };
  request = requestAnimationFrame(step);
  return () => {
    cancelAnimationFrame(request);
  };
}

interface Edges {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How far the canvas moves in one frame: the faster, the nearer to the edge. */
export function speedAt({ x, y }: Place, { left, right, top, bottom }: Edges): Place {
  return {
    x: speed(x - left) - speed(right - x),
    y: speed(y - top) - speed(bottom - y),
  };
}

function speed(distance: number): number {
  return distance >= EDGE ? 0 : (Math.min(EDGE - distance, EDGE) / EDGE) * FASTEST;
}
