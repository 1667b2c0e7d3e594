/** The geometry of histograms. */

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One bar for each bin, on a baseline at ``height``; the highest one is as high as that. */
export function barsOf(bins: readonly number[], width: number, height: number): readonly Bar[] {
  const most = Math.max(...bins, 1);
  const step = width / Math.max(bins.length, 1);
  return bins.map((count, index) => {
    // What is there at all is to be seen, however little it is.
    const tall = count === 0 ? 0 : Math.max((count / most) * height, 1);
    return { x: index * step, y: height - tall, width: step, height: tall };
  });
}

/** The bars as one outline, which draws faster than many rectangles. */
export function outlineOf(bars: readonly Bar[]): string {
  return bars
    .filter((bar) => bar.height > 0)
    .map(
      (bar) =>
        `M${round(bar.x)} ${round(bar.y)}h${round(bar.width)}v${round(bar.height)}h-${round(bar.width)}z`,
    )
    .join("");
}

/** Where a number stands between the least and the greatest; null where it is not between. */
export function placeOf(
  value: number | null,
  minimum: number | null,
  maximum: number | null,
  width: number,
): number | null {
  if (value === null || minimum === null || maximum === null || !(maximum > minimum)) {
    return null;
  }
  const share = (value - minimum) / (maximum - minimum);
  return share < 0 || share > 1 ? null : share * width;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
