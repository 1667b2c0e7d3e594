/** The space bar: held while dragging it moves the canvas, pressed alone it asks for a node. */

import { isInDialog, isOperated, isTyping } from "../actions/shortcuts";
import { useGesture } from "../stores/gesture";
import { useInterface } from "../stores/interface";

const BRIEF = 600;

/** Follow the space bar; ``onPress`` is called when it was pressed alone. Returns how to end it. */
export function watchSpaceBar(onPress: () => void): () => void {
  let pressedAt: number | undefined;
  const onDown = (event: KeyboardEvent): void => {
    if (event.key !== " " || !isForCanvas(event)) {
      return;
    }
    // Held, it must neither scroll nor ask for a node before it is let go.
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) {
      pressedAt = performance.now();
      useGesture.setState({ isPanning: true });
    }
  };
  const onUp = (event: KeyboardEvent): void => {
    if (event.key !== " " || pressedAt === undefined) {
      return;
    }
    const isBrief = performance.now() - pressedAt < BRIEF;
    stop();
    if (isBrief) {
      event.preventDefault();
      onPress();
    }
  };
  const onPointer = (): void => {
    if (pressedAt !== undefined) {
      pressedAt = Number.NEGATIVE_INFINITY;
    }
  };
  const stop = (): void => {
    pressedAt = undefined;
    useGesture.setState({ isPanning: false });
  };
  window.addEventListener("keydown", onDown, true);
  window.addEventListener("keyup", onUp, true);
  window.addEventListener("pointerdown", onPointer, true);
  window.addEventListener("blur", stop);
  return () => {
    window.removeEventListener("keydown", onDown, true);
    window.removeEventListener("keyup", onUp, true);
    window.removeEventListener("pointerdown", onPointer, true);
    window.removeEventListener("blur", stop);
  };
}

/** Buttons and fields have a space bar of their own; so has whatever is open over the canvas. */
function isForCanvas(event: KeyboardEvent): boolean {
  const { target, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey || isTyping(target) || isOperated(event)) {
    return false;
  }
  return useInterface.getState().dialog === null && !isInDialog(target);
}
