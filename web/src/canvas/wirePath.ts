/** The course of a wire from an output to an input: one cubic curve, leaving and arriving level. */

import type { Place } from "../graph/edit";
import type { Frame } from "../graph/frames";

const SAMPLES = 20;

/** The course as an SVG path. */
export function wirePath(from: Place, to: Place): string {
  const reach = reachOf(from, to);
  return `M${from.x},${from.y} C${from.x + reach},${from.y} ${to.x - reach},${to.y} ${to.x},${to.y}`;
}

/** How far the curve goes on level at each end: half the way, and around where it runs back. */
function reachOf(from: Place, to: Place): number {
  const across = to.x - from.x;
  const down = Math.abs(to.y - from.y);
  return across >= 0
    ? Math.max(across / 2, Math.min(40, down / 2))
    : Math.min(40 + Math.sqrt(-across) * 6, 260);
}

/** A point of the course; ``at`` runs from 0 to 1. */
export function wirePoint(from: Place, to: Place, at: number): Place {
  const reach = reachOf(from, to);
  const rest = 1 - at;
  const [a, b, c, d] = [rest ** 3, 3 * rest * rest * at, 3 * rest * at * at, at ** 3];
  return {
    x: a * from.x + b * (from.x + reach) + c * (to.x - reach) + d * to.x,
    y: (a + b) * from.y + (c + d) * to.y,
  };
}

/** How near a wire that crosses a frame comes to a place in it; undefined where it does not. */
export function crossing(from: Place, to: Place, frame: Frame, near: Place): number | undefined {
  let least: number | undefined;
  for (let index = 1; index < SAMPLES; index += 1) {
    const { x, y } = wirePoint(from, to, index / SAMPLES);
    const isInside =
      x >= frame.x && x <= frame.x + frame.width && y >= frame.y && y <= frame.y + frame.height;
    if (isInside) {
      const far = Math.hypot(x - near.x, y - near.y);
      least = Math.min(least ?? far, far);
    }
  }
  return least;
}
