/** What each step of the tour points at; measured again and again, as the canvas moves. */

import type { TourStep } from "../stores/tour";
import { canvasFrame } from "../stores/view";

/** Elements by selector, the first that is on screen counts. */
const ANCHORS: Readonly<Record<TourStep, readonly string[]>> = {
  run: ['[data-tour="run"]'],
  prompt: ['.react-flow__node [aria-label="prompt"]', ".react-flow__node"],
  state: ['[data-tour="inspector"]', '[data-tour="inspector-toggle"]'],
  add: ['[data-panel="templates"]'],
};

export function anchorOf(step: TourStep): DOMRect {
  for (const selector of ANCHORS[step]) {
    for (const element of document.querySelectorAll(selector)) {
      const frame = element.getBoundingClientRect();
      if (isOnScreen(frame)) {
        return frame;
      }
    }
  }
  const { x, y, width } = canvasFrame();
  return new DOMRect(x + width / 2, y + 40, 0, 0);
}

function isOnScreen({ left, right, top, bottom, width, height }: DOMRect): boolean {
  return (
    width > 0 &&
    height > 0 &&
    right > 0 &&
    bottom > 0 &&
    left < window.innerWidth &&
    top < window.innerHeight
  );
}
