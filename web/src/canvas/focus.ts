/** Bringing a node to somebody's eyes, and the keyboard to it. */

import { currentCatalogue } from "../stores/catalogue";
import { useCanvas } from "../stores/canvas";
import { currentDocument } from "../stores/document";
import { select } from "../stores/interface";
import { canvasFrame, currentFlow, motionTime } from "../stores/view";
import { frameOf } from "../graph/frames";
import type { Frame } from "../graph/frames";
import { isInView } from "./viewport";

const PATIENCE = 40;
const MARGIN = 24;

/** Select a node, note or group, and move the canvas to it where it is out of view. */
export function focusNode(id: string): void {
  select([id]);
  showNode(id);
}

/** Move the canvas so that all of a node is seen, if it is not yet. */
export function showNode(id: string): void {
  const flow = currentFlow();
  const frame = drawnFrame(id);
  if (flow === undefined || frame === undefined) {
    return;
  }
  const view = flow.getViewport();
  const size = canvasFrame();
  const isWhole =
    frame.x * view.zoom + view.x >= MARGIN &&
    frame.y * view.zoom + view.y >= MARGIN &&
    (frame.x + frame.width) * view.zoom + view.x <= size.width - MARGIN &&
    (frame.y + frame.height) * view.zoom + view.y <= size.height - MARGIN;
  const fits =
    frame.width * view.zoom <= size.width - 2 * MARGIN &&
    frame.height * view.zoom <= size.height - 2 * MARGIN;
  if (!isWhole && (fits || !isInView(frame, view, size, MARGIN * 3))) {
    void flow.setCenter(frame.x + frame.width / 2, frame.y + frame.height / 2, {
      zoom: view.zoom,
      duration: motionTime(),
    });
  }
}

/** A frame as it is drawn: with what the node has made below its sockets. */
function drawnFrame(id: string): Frame | undefined {
  const node = useCanvas.getState().nodes.find((found) => found.id === id);
  const frame = frameOf(currentDocument(), id, currentCatalogue());
  return node?.measured?.height === undefined || frame === undefined
    ? frame
    : { ...frame, height: node.measured.height };
}

/** The element of a node; undefined while it is not drawn because it is out of view. */
export function nodeElement(id: string): HTMLElement | undefined {
  return (
    document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`) ??
    undefined
  );
}

/** Select a node and put the keyboard on it, as soon as it is drawn. */
export function focusByKey(id: string): void {
  focusNode(id);
  let tries = 0;
  const attempt = (): void => {
    const element = nodeElement(id);
    if (element !== undefined) {
      element.focus({ preventScroll: true });
    } else if (tries < PATIENCE) {
      tries += 1;
      requestAnimationFrame(attempt);
    }
  };
  attempt();
}
