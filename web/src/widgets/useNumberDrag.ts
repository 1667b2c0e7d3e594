/** Dragging a number field sideways; a click that does not move is for typing. */

import type { MouseEvent, PointerEvent } from "react";
import { useRef } from "react";

const SLACK = 3;

interface DragHandlers {
  readonly onMouseDown: (event: MouseEvent<HTMLInputElement>) => void;
  readonly onPointerDown: (event: PointerEvent<HTMLInputElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLInputElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLInputElement>) => void;
  readonly onPointerCancel: (event: PointerEvent<HTMLInputElement>) => void;
}

export interface NumberDrag {
  /** The hand has moved so far from where it began. */
  readonly onDrag: (pixels: number, isFine: boolean) => void;
  readonly onEnd: () => void;
  readonly onCancel: () => void;
}

export function useNumberDrag(isAllowed: boolean, drag: NumberDrag): DragHandlers {
  const hold = useRef<{ pointer: number; x: number; hasMoved: boolean } | null>(null);
  const letGo = (event: PointerEvent<HTMLInputElement>): boolean => {
    const found = hold.current?.pointer === event.pointerId ? hold.current : null;
    hold.current = null;
    return found?.hasMoved === true;
  };
  return {
    // Not focused before it is known to be a click: the field would open a keyboard on a tablet.
    onMouseDown: (event) => {
      if (hold.current !== null) {
        event.preventDefault();
      }
    },
    onPointerDown: (event) => {
      const { activeElement } = document;
      if (!isAllowed || event.button !== 0 || activeElement === event.currentTarget) {
        return;
      }
      // What was being written elsewhere is finished first.
      if (activeElement instanceof HTMLElement) {
        activeElement.blur();
      }
      event.currentTarget.setPointerCapture(event.pointerId);
      hold.current = { pointer: event.pointerId, x: event.clientX, hasMoved: false };
    },
    onPointerMove: (event) => {
      const found = hold.current;
      if (found?.pointer !== event.pointerId) {
        return;
      }
      const pixels = event.clientX - found.x;
      if (found.hasMoved || Math.abs(pixels) > SLACK) {
        found.hasMoved = true;
        drag.onDrag(pixels, event.shiftKey);
      }
    },
    onPointerUp: (event) => {
      const wasHeld = hold.current !== null;
      if (letGo(event)) {
        drag.onEnd();
      } else if (wasHeld) {
        event.currentTarget.focus();
        event.currentTarget.select();
      }
    },
    onPointerCancel: (event) => {
      if (letGo(event)) {
        drag.onCancel();
      }
    },
  };
}
