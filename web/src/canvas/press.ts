/** A finger that rests: let go it opens the menu, moved on it draws a box around what is selected. */

import { create } from "zustand";
import type { Frame } from "../graph/frames";
import { useCanvas } from "../stores/canvas";
import { openMenu } from "../stores/gesture";
import { select } from "../stores/interface";
import { placeAt } from "../stores/view";
import { isWireId } from "./flow";

const LONG = 480;
const SLACK = 9;

/** The box a finger draws, on the screen. */
export const useTouchBox = create<{ readonly box: Frame | null }>(() => ({ box: null }));

/** Begin to wait when a finger goes down; everything ends when it goes up. */
export function watchPress(event: PointerEvent): void {
  const start = { x: event.clientX, y: event.clientY };
  const target = event.target;
  let isLong = false;
  const timer = setTimeout(() => {
    isLong = true;
    navigator.vibrate?.(12);
  }, LONG);

  const onMove = (moved: PointerEvent): void => {
    if (moved.pointerId !== event.pointerId) {
      return;
    }
    const far = Math.hypot(moved.clientX - start.x, moved.clientY - start.y);
    if (!isLong && far > SLACK) {
      stop();
    } else if (isLong && far > SLACK) {
      useTouchBox.setState({ box: boxBetween(start, { x: moved.clientX, y: moved.clientY }) });
    }
  };
  // While a box is drawn the canvas must not move below it.
  const onTouch = (moved: TouchEvent): void => {
    if (isLong && moved.touches.length === 1) {
      moved.stopPropagation();
      moved.preventDefault();
    }
  };
  const onUp = (up: PointerEvent): void => {
    if (up.pointerId !== event.pointerId) {
      stop();
      return;
    }
    const { box } = useTouchBox.getState();
    stop();
    if (isLong) {
      swallowClick();
    }
    if (box !== null) {
      selectInside(box);
    } else if (isLong) {
      openMenuOn(target, start);
    }
  };
  const stop = (): void => {
    clearTimeout(timer);
    useTouchBox.setState({ box: null });
    window.removeEventListener("pointermove", onMove);
    window.removeEventListener("pointerup", onUp);
    window.removeEventListener("pointercancel", stop);
    window.removeEventListener("touchmove", onTouch, true);
  };
  window.addEventListener("pointermove", onMove);
  window.addEventListener("pointerup", onUp);
  window.addEventListener("pointercancel", stop);
  window.addEventListener("touchmove", onTouch, { capture: true, passive: false });
}

/** The browser makes a click of a finger that is lifted: it would close the menu again. */
function swallowClick(): void {
  const swallow = (event: Event): void => {
    event.preventDefault();
  };
  window.addEventListener("touchend", swallow, { capture: true, once: true, passive: false });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export function boxBetween(one: Point, other: Point): Frame {
  return {
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}

function selectInside({ x, y, width, height }: Frame): void {
  const [start, end] = [placeAt({ x, y }), placeAt({ x: x + width, y: y + height })];
  const inside = useCanvas.getState().nodes.filter((node) => {
    const [across, down] = [node.measured?.width ?? 0, node.measured?.height ?? 0];
    return (
      node.type !== "frame" &&
      node.position.x < end.x &&
      node.position.y < end.y &&
      node.position.x + across > start.x &&
      node.position.y + down > start.y
    );
  });
  select(inside.map(({ id }) => id));
}

/** Open the menu of what is drawn there: a node, a wire, or the canvas itself. */
export function openMenuOn(target: EventTarget | null, at: Point): void {
  const element = target instanceof Element ? target : null;
  const drawn = element?.closest<HTMLElement | SVGElement>(".react-flow__node, .react-flow__edge");
  const id = drawn?.dataset["id"] ?? "";
  if (id === "") {
    openMenu({ kind: "canvas", id: "", at });
  } else {
    openMenu({ kind: kindOf(id), id, at });
  }
}

function kindOf(id: string): "wire" | "group" | "note" | "node" {
  if (isWireId(id)) {
    return "wire";
  }
  const type = useCanvas.getState().nodes.find((node) => node.id === id)?.type;
  return type === "frame" ? "group" : type === "note" ? "note" : "node";
}
