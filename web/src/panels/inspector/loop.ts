/** Going through the steps of a loop: which are there, which one is shown, what is drawn of it. */

import type { LoopStep, ValueSummary } from "../../protocol/blockStates";
import { isDrawable } from "./values";

export interface Loop {
  /** How many steps there are already, and how many there will be. */
  readonly count: number;
  readonly total: number;
}

export function loopOf(steps: readonly LoopStep[], live: Loop | null): Loop {
  if (live !== null) {
    return { count: Math.min(live.count, live.total), total: live.total };
  }
  return { count: steps.length, total: Math.max(steps.length, steps[0]?.total ?? 0) };
}

/** The step shown, from 1: the one that is held, else the newest; 0 where there is none. */
export function shownStep(held: number | null, { count }: Loop): number {
  return held === null ? count : Math.min(Math.max(held, 1), count);
}

/** What choosing a step means: the newest one is followed, any other is held. */
export function heldAt(step: number, { count }: Loop): number | null {
  return step >= count ? null : Math.max(step, 1);
}

/** What can be drawn of the steps, most telling first: the predicted picture, then the latents. */
export function drawableNames(steps: readonly LoopStep[]): readonly string[] {
  const names = new Set<string>();
  for (const step of steps) {
    for (const [name, value] of Object.entries(step.values)) {
      if (isWorthDrawing(value)) {
        names.add(name);
      }
    }
  }
  const rank = (name: string): number => (name === "predicted" ? 0 : name === "latents" ? 1 : 2);
  return [...names].toSorted((a, b) => rank(a) - rank(b));
}

function isWorthDrawing(value: ValueSummary): boolean {
  return isDrawable(value) && (value.shape?.length ?? 0) >= 3;
}
