/** Dragging a node type out of the panel, by mouse, pen or finger. */

import type { NodeType } from "../../catalogue/types";
import type { Place } from "../../graph/edit";
import { canvasFrame, placeAt } from "../../stores/view";
import { carry } from "./carry";
import styles from "./NodesPanel.module.css";

/** How far a pointer goes before a click has become a drag. */
const SLACK = 6;

/**
 * Follow the pointer from here on; where it is let go over the canvas, the node is added.
 *
 * A finger that moves along the list scrolls it: the browser takes the pointer away then.
 */
export function startDrag(down: PointerEvent, type: NodeType): void {
  if (down.button !== 0) {
    return;
  }
  const carried = carry(type);
  const stop = new AbortController();
  const { signal } = stop;
  let ghost: HTMLElement | undefined;
  const end = (): void => {
    stop.abort();
    ghost?.remove();
    carried.hover(undefined);
  };
  window.addEventListener(
    "pointermove",
    (event) => {
      if (ghost === undefined && isFar(down, event)) {
        ghost = makeGhost(type);
      }
      if (ghost !== undefined) {
        ghost.style.translate = `${event.clientX}px ${event.clientY}px`;
        const at = { x: event.clientX, y: event.clientY };
        ghost.dataset["over"] = String(isOverCanvas(at));
        carried.hover(isOverCanvas(at) ? placeAt(at) : undefined);
      }
    },
    { signal },
  );
  window.addEventListener(
    "pointerup",
    (event) => {
      const at = { x: event.clientX, y: event.clientY };
      if (ghost !== undefined) {
        swallowClick();
        if (isOverCanvas(at)) {
          carried.drop(placeAt(at));
        }
      }
      end();
    },
    { signal },
  );
  window.addEventListener("pointercancel", end, { signal });
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") {
        swallowClick();
        end();
      }
    },
    { signal },
  );
}

function isFar(down: PointerEvent, { clientX, clientY }: PointerEvent): boolean {
  return Math.hypot(clientX - down.clientX, clientY - down.clientY) > SLACK;
}

function isOverCanvas({ x, y }: Place): boolean {
  const { left, right, top, bottom } = canvasFrame();
  return x > left && x < right && y > top && y < bottom;
}

function makeGhost(type: NodeType): HTMLElement {
  const ghost = document.createElement("div");
  ghost.className = styles["ghost"] ?? "";
  ghost.textContent = type.title;
  ghost.ariaHidden = "true";
  document.body.append(ghost);
  return ghost;
}

/** The click that follows when a drag ends where it began adds nothing. */
function swallowClick(): void {
  const swallow = (event: MouseEvent): void => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => {
    window.removeEventListener("click", swallow, { capture: true });
  });
}
