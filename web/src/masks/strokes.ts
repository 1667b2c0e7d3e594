/** A mask as what was done to make it: drawing it again from the start is undoing. */

export interface Point {
  readonly x: number;
  readonly y: number;
  /** From 0 to 1; a mouse has 0.5. */
  readonly pressure: number;
}

export interface Brush {
  /** Diameter, in pixels of the picture. */
  readonly size: number;
  /** How much of the radius is soft, from 0 to 1. */
  readonly feather: number;
  readonly isErasing: boolean;
  readonly followsPressure: boolean;
}

export type MaskStep =
  | { readonly kind: "stroke"; readonly brush: Brush; readonly points: readonly Point[] }
  | { readonly kind: "fill" }
  | { readonly kind: "clear" }
  | { readonly kind: "invert" };

export interface MaskHistory {
  readonly done: readonly MaskStep[];
  readonly undone: readonly MaskStep[];
}

export const EMPTY_HISTORY: MaskHistory = { done: [], undone: [] };

export function withStep({ done }: MaskHistory, step: MaskStep): MaskHistory {
  return { done: [...done, step], undone: [] };
}

export function undone({ done, undone: later }: MaskHistory): MaskHistory {
  const last = done.at(-1);
  return last === undefined
    ? { done, undone: later }
    : { done: done.slice(0, -1), undone: [...later, last] };
}

export function redone({ done, undone: later }: MaskHistory): MaskHistory {
  const next = later.at(-1);
  return next === undefined
    ? { done, undone: later }
    : { done: [...done, next], undone: later.slice(0, -1) };
}

/** The diameter at a point: the pen's pressure makes it from a fifth to the whole. */
export function diameterAt(brush: Brush, pressure: number): number {
  return brush.followsPressure ? brush.size * (0.2 + 0.8 * pressure) : brush.size;
}

/**
 * Where the brush is set down along a stroke: so close together that no gaps are seen.
 *
 * Between two points pressure changes evenly.
 */
export function* dabsOf(brush: Brush, points: readonly Point[]): Generator<Point> {
  const [first] = points;
  if (first === undefined) {
    return;
  }
  yield first;
  let last = first;
  for (const point of points.slice(1)) {
    const length = Math.hypot(point.x - last.x, point.y - last.y);
    const apart = Math.max(0.5, diameterAt(brush, last.pressure) / 8);
    const count = Math.floor(length / apart);
    for (let index = 1; index <= count; index += 1) {
      const part = index / Math.max(count, 1);
      yield {
        x: last.x + (point.x - last.x) * part,
        y: last.y + (point.y - last.y) * part,
        pressure: last.pressure + (point.pressure - last.pressure) * part,
      };
    }
    if (count > 0) {
      last = point;
    }
  }
}
