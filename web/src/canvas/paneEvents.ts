/** What presses, double clicks and keys on the canvas as a whole do. */

import type { KeyboardEvent, MouseEvent, PointerEvent, RefObject, WheelEvent } from "react";
import { useEffect, useMemo, useRef } from "react";
import { ACTIONS } from "../actions/all";
import { isTyping } from "../actions/shortcuts";
import { openDialog, select } from "../stores/interface";
import { keepOffersFresh } from "./offers";
import { onCanvasKey } from "./keyboard";
import { watchPinch } from "./pinch";
import { openMenuOn, watchPress } from "./press";
import { isAdding, notePress, pick } from "./selection";
import { watchSpaceBar } from "./spaceBar";
import type { FlowNode } from "./flow";

let isFinger = false;

type AnyMouse = MouseEvent | globalThis.MouseEvent;

function openAt(event: AnyMouse): void {
  event.preventDefault();
  // A finger that rests has its own way to the menu.
  if (!isFinger) {
    openMenuOn(event.target, { x: event.clientX, y: event.clientY });
  }
}

/** What the canvas library tells of. */
export const onPane = {
  onPaneClick: (event: AnyMouse): void => {
    if (!isAdding(event)) {
      select([]);
    }
  },
  onPaneContextMenu: openAt,
  onNodeContextMenu: openAt,
  onEdgeContextMenu: openAt,
  onNodeClick: (event: AnyMouse, { id, type }: FlowNode): void => {
    if (type === "frame") {
      pick(id, event);
    }
  },
};

/** Listeners for the element around the canvas. */
export interface CanvasEvents {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly onPointerDownCapture: (event: PointerEvent) => void;
  readonly onDoubleClick: (event: MouseEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onWheelCapture: (event: WheelEvent) => void;
}

export function useCanvasEvents(): CanvasEvents {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = ref;
    const stops = [
      watchSpaceBar(askForNode),
      keepOffersFresh(),
      ...(current === null ? [] : [watchPinch(current)]),
    ];
    return () => {
      for (const stop of stops) {
        stop();
      }
    };
  }, []);
  return useMemo(
    () => ({ ref, onPointerDownCapture, onDoubleClick, onKeyDown, onWheelCapture }),
    [],
  );
}

function askForNode(): void {
  const action = ACTIONS.find(({ id }) => id === "add.node");
  void action?.run();
}

function onPointerDownCapture(event: PointerEvent): void {
  isFinger = event.pointerType === "touch";
  notePress(event);
  if (isFinger && event.isPrimary) {
    watchPress(event.nativeEvent);
  }
}

function onDoubleClick(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.matches(".react-flow__pane")) {
    openDialog("palette", { x: event.clientX, y: event.clientY });
  }
}

function onKeyDown(event: KeyboardEvent): void {
  const canvas = event.currentTarget.querySelector<HTMLElement>(".react-flow");
  if (canvas !== null && onCanvasKey(event.nativeEvent, canvas)) {
    event.preventDefault();
    event.stopPropagation();
    event.nativeEvent.stopImmediatePropagation();
  }
}

/** A text that can be scrolled takes the wheel while somebody is in it; else it zooms, as anywhere. */
function onWheelCapture(event: WheelEvent): void {
  const field = event.target instanceof Element ? event.target.closest(".nowheel") : null;
  if (field !== null && !event.ctrlKey && takesWheel(field)) {
    event.stopPropagation();
  }
}

function takesWheel(field: Element): boolean {
  const isScrollable = field.scrollHeight > field.clientHeight + 1;
  return isScrollable && (!isTyping(field) || field === document.activeElement);
}
