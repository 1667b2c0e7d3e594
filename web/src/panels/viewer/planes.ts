/** Tensors taken apart into planes that can be looked at: channels, frames, items of a batch. */

import type { NumberArray } from "./npy";
import type { Size } from "./view";

/** How the axes of a tensor are read. */
export interface Layout {
  /** The axis shown as a strip of planes; -1 where there is one plane only. */
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  /** Axes with an index of their own, the batch first. */
  readonly others: readonly number[];
}

const BANDS = new Set([1, 3, 4]);

/** Rows and columns are the last axes, or those before a last axis of colours. */
export function layoutOf(shape: readonly number[]): Layout | undefined {
  const count = shape.length;
  if (count < 2) {
    return undefined;
  }
  const [last = 0, columns = 0, rows = 0] = shape.toReversed();
  const isColoursLast = count >= 3 && BANDS.has(last) && Math.min(columns, rows) > 4;
  if (isColoursLast) {
    const others = axesBut(count, [count - 3, count - 2, count - 1]);
    return { channels: count - 1, rows: count - 3, columns: count - 2, others };
  }
  const channels = count === 2 ? -1 : count === 3 ? 0 : 1;
  const others = axesBut(count, [channels, count - 2, count - 1]);
  return { channels, rows: count - 2, columns: count - 1, others };
}

function axesBut(count: number, taken: readonly number[]): number[] {
  return Array.from({ length: count }, (_, axis) => axis).filter((axis) => !taken.includes(axis));
}

export interface Plane extends Size {
  /** Row by row. */
  readonly values: Float64Array;
}

/** One plane: a channel, at an index along each of the other axes. */
export function planeOf(
  array: NumberArray,
  layout: Layout,
  channel: number,
  indexes: readonly number[],
): Plane {
  const strides = stridesOf(array.shape);
  const [height, width] = [array.shape[layout.rows] ?? 0, array.shape[layout.columns] ?? 0];
  let start = layout.channels < 0 ? 0 : channel * (strides[layout.channels] ?? 0);
  layout.others.forEach((axis, place) => {
    start += (indexes[place] ?? 0) * (strides[axis] ?? 0);
  });
  const [down, right] = [strides[layout.rows] ?? 0, strides[layout.columns] ?? 0];
  const values = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      values[y * width + x] = array.values[start + y * down + x * right] ?? Number.NaN;
    }
  }
  return { width, height, values };
}

function stridesOf(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  let step = 1;
  for (const length of shape.toReversed()) {
    strides.unshift(step);
    step *= length;
  }
  return strides;
}

export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

/** The least and the greatest of the finite numbers. */
export function rangeOf(values: ArrayLike<number>): Range {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (Number.isFinite(value)) {
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
    }
  }
  return minimum > maximum ? { minimum: 0, maximum: 0 } : { minimum, maximum };
}

/** From dark blue over teal to yellow, as the server draws numbers; each lighter than the last. */
const HEAT = [
  [12, 8, 48],
  [38, 48, 130],
  [24, 110, 144],
  [46, 160, 112],
  [150, 200, 64],
  [252, 236, 110],
] as const;
const BROKEN = [255, 0, 255] as const;

/** The colour of a share from 0 to 1. */
export function heatColour(share: number): readonly [number, number, number] {
  const at = Math.min(Math.max(share, 0), 1) * (HEAT.length - 1);
  const low = HEAT[Math.floor(at)] ?? HEAT[0];
  const high = HEAT[Math.ceil(at)] ?? low;
  const rest = at - Math.floor(at);
  const mix = (band: 0 | 1 | 2): number => Math.round(low[band] + (high[band] - low[band]) * rest);
  return [mix(0), mix(1), mix(2)];
}

/** A plane as pixels (RGBA); what is no number stands out. */
export function paintedPlane({ values }: Plane, { minimum, maximum }: Range): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(values.length * 4);
  const span = maximum - minimum;
  values.forEach((value, index) => {
    const share = span > 0 ? (value - minimum) / span : 0.5;
    const [red, green, blue] = Number.isFinite(value) ? heatColour(share) : BROKEN;
    pixels.set([red, green, blue, 255], index * 4);
  });
  return pixels;
}
