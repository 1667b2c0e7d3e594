/** Wheel, fingers and keys on a stage. */

import type { KeyboardEvent, PointerEvent } from "react";
import { useEffect, useRef } from "react";
import type { Stage } from "./useStage";
import type { Point } from "./view";

const ZOOM_STEP = 1.25;
const MOVE_STEP = 48;
const WHEEL_SPEED = 0.0016;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: 1, y: 0 },
  ArrowRight: { x: -1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

interface Gestures {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

interface Listener {
  /** The pointer is at this point of the stage. */
  readonly onPoint: (at: Point) => void;
  /** Shift and an arrow key move the pixel that is read. */
  readonly onStep: (by: Point) => void;
}

/** What to put on the stage's element. */
export function useGestures(stage: Stage, { onPoint, onStep }: Listener): Gestures {
  const pointers = useRef(new Map<number, Point>());

  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, pointOn(event.currentTarget, event));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const now = pointOn(event.currentTarget, event);
    onPoint(now);
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) {
      return;
    }
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      stage.move({ x: now.x - before.x, y: now.y - before.y });
    } else {
      stage.pinch([before, other], [now, other]);
    }
    pointers.current.set(event.pointerId, now);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>): void => {
    pointers.current.delete(event.pointerId);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const arrow = ARROWS[event.key];
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (arrow !== undefined && event.shiftKey) {
      onStep({ x: -arrow.x, y: -arrow.y });
    } else if (arrow !== undefined) {
      stage.move({ x: arrow.x * MOVE_STEP, y: arrow.y * MOVE_STEP });
    } else if (event.key === "+" || event.key === "=") {
      stage.zoom(ZOOM_STEP);
    } else if (event.key === "-") {
      stage.zoom(1 / ZOOM_STEP);
    } else if (event.key === "0") {
      stage.fit();
    } else if (event.key === "1") {
      stage.showActual();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return { onPointerDown, onPointerMove, onPointerUp, onKeyDown };
}

/** Zoom with the wheel; React's own listener may not keep the page from scrolling. */
export function useWheel(element: HTMLElement | null, stage: Stage): void {
  const zoom = useRef(stage.zoom);
  useEffect(() => {
    zoom.current = stage.zoom;
  });
  useEffect(() => {
    const onWheel = (event: WheelEvent): void => {
      if (element !== null) {
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
        zoom.current(Math.exp(-event.deltaY * lines * WHEEL_SPEED), pointOn(element, event));
      }
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      element?.removeEventListener("wheel", onWheel);
    };
  }, [element]);
}

function pointOn(element: HTMLElement, event: { clientX: number; clientY: number }): Point {
  const frame = element.getBoundingClientRect();
  return { x: event.clientX - frame.left, y: event.clientY - frame.top };
}
