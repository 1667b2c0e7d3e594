import type { MouseEvent } from "react";

/**
 * Take the focus off a button that was clicked with a pointer: the space bar is the canvas's then.
 *
 * Pressed by a key the button keeps it.
 */
export function letGo(event: MouseEvent<HTMLElement>): void {
  if (event.detail > 0) {
    event.currentTarget.blur();
  }
}
