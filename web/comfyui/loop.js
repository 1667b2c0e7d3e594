/** Going through the steps of a loop: which one is shown, what is drawn of it. */

import { isDrawable } from "./values.js";

/**
 * The step shown, from 1: the one that is held, else the newest; 0 where there is none.
 * @param {number | null} held
 * @param {number} count
 */
export function shownStep(held, count) {
  return held === null ? count : Math.min(Math.max(held, 1), count);
}

/**
 * What choosing a step means: the newest one is followed, any other is held.
 * @param {number} step
 * @param {number} count
 */
export function heldAt(step, count) {
  return step >= count ? null : Math.max(step, 1);
}

/**
 * What can be drawn of the steps, most telling first: the predicted picture, then the latents.
 * @param {readonly LoopStep[]} steps
 * @returns {string[]}
 */
export function drawableNames(steps) {
  const names = new Set(
    steps.flatMap(({ values }) =>
      Object.keys(values).filter((name) => {
        const value = values[name];
        return value !== undefined && isDrawable(value) && (value.shape?.length ?? 0) >= 3;
      }),
    ),
  );
  /** @param {string} name */
  const rank = (name) => (name === "predicted" ? 0 : name === "latents" ? 1 : 2);
  return [...names].toSorted((a, b) => rank(a) - rank(b));
}
