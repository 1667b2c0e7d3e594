/** The colours of a picture's pixels. */

import type { Point, Size } from "./view";

export interface Pixels extends Size {
  /** Red, green, blue and opacity, 0 to 255. */
  readonly read: (at: Point) => readonly [number, number, number, number];
}

/** Read a loaded picture; undefined where the browser does not let it be read. */
export function pixelsOf(picture: HTMLImageElement): Pixels | undefined {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null || width === 0 || height === 0) {
    return undefined;
  }
  context.drawImage(picture, 0, 0);
  return {
    width,
    height,
    read: ({ x, y }) => {
      const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(x, y, 1, 1).data;
      return [red, green, blue, alpha];
    },
  };
}

/** ``#ff8800``, with the opacity behind it where there is any. */
export function colourText([red, green, blue, alpha]: readonly number[]): string {
  const hex = (value: number | undefined): string => (value ?? 0).toString(16).padStart(2, "0");
  const opacity = alpha === undefined || alpha === 255 ? "" : hex(alpha);
  return `#${hex(red)}${hex(green)}${hex(blue)}${opacity}`;
}
