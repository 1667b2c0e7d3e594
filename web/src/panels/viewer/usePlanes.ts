/** The channels of a tensor as pictures, drawn here. */

import { useMemo } from "react";
import type { FoundArray } from "./useArray";
import type { Layout, Plane, Range } from "./planes";
import { layoutOf, paintedPlane, planeOf, rangeOf } from "./planes";

export interface DrawnPlane {
  readonly plane: Plane;
  readonly range: Range;
  readonly src: string;
}

export interface Planes {
  readonly layout: Layout;
  readonly shape: readonly number[];
  /** One for each channel. */
  readonly drawn: readonly DrawnPlane[];
}

const MOST = 64;

/** Undefined while there is no array, or none that has planes. */
export function usePlanes(
  array: FoundArray,
  indexes: readonly number[],
  isOwnScale: boolean,
): Planes | undefined {
  const whole = useMemo(
    () => (typeof array === "object" ? rangeOf(array.values) : undefined),
    [array],
  );
  const place = indexes.join(",");
  return useMemo(() => {
    const layout = typeof array === "object" ? layoutOf(array.shape) : undefined;
    if (typeof array !== "object" || layout === undefined || whole === undefined) {
      return undefined;
    }
    const at = place.split(",").map(Number);
    const count = layout.channels < 0 ? 1 : Math.min(array.shape[layout.channels] ?? 0, MOST);
    const drawn = Array.from({ length: count }, (_, channel): DrawnPlane => {
      const plane = planeOf(array, layout, channel, at);
      const range = isOwnScale ? rangeOf(plane.values) : whole;
      return { plane, range, src: urlOf(plane, range) };
    });
    return { layout, shape: array.shape, drawn };
  }, [array, place, isOwnScale, whole]);
}

function urlOf(plane: Plane, range: Range): string {
  const canvas = document.createElement("canvas");
  canvas.width = plane.width;
  canvas.height = plane.height;
  const context = canvas.getContext("2d");
  if (context === null || plane.width === 0 || plane.height === 0) {
    return "";
  }
  const painted = context.createImageData(plane.width, plane.height);
  painted.data.set(paintedPlane(plane, range));
  context.putImageData(painted, 0, 0);
  return canvas.toDataURL();
}
