import { describe, expect, test } from "vitest";
import {
  fitted,
  movedBy,
  pinched,
  pixelAt,
  pixelIn,
  pixelMoved,
  zoomedAt,
} from "../../../src/panels/viewer/view";

const PICTURE = { width: 100, height: 50 };
const STAGE = { width: 400, height: 400 };

test("a picture is fitted into the middle, small ones by whole multiples", () => {
  expect(fitted(PICTURE, STAGE)).toEqual({ scale: 3, x: 50, y: 125 });
  const large = fitted({ width: 4000, height: 1000 }, STAGE);
  expect(large.scale).toBeCloseTo(0.094);
  expect(fitted({ width: 1, height: 1 }, STAGE).scale).toBe(64);
});

describe("zooming", () => {
  const view = { scale: 2, x: 10, y: 20 };

  test("what is under the pointer stays there", () => {
    const at = { x: 110, y: 80 };
    const zoomed = zoomedAt(view, 2, at, PICTURE);
    expect(zoomed.scale).toBe(4);
    expect(pixelAt(zoomed, at, PICTURE)).toEqual(pixelAt(view, at, PICTURE));
  });

  test("ends somewhere", () => {
    expect(zoomedAt(view, 1e9, { x: 0, y: 0 }, PICTURE).scale).toBe(64);
    expect(zoomedAt(view, 1e-9, { x: 0, y: 0 }, PICTURE).scale).toBeCloseTo(0.24);
  });

  test("with two fingers moves along with them", () => {
    const from = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ] as const;
    const to = [
      { x: 50, y: 0 },
      { x: 250, y: 0 },
    ] as const;
    const found = pinched(view, from, to, PICTURE);
    expect(found.scale).toBe(4);
    // The middle of the fingers keeps its pixel.
    expect(pixelAt(found, { x: 150, y: 0 }, { width: 999, height: 999 })).toEqual(
      pixelAt(view, { x: 50, y: 0 }, { width: 999, height: 999 }),
    );
  });
});

test("some of a picture always stays on the stage", () => {
  const view = { scale: 1, x: 0, y: 0 };
  expect(movedBy(view, { x: -9999, y: 9999 }, PICTURE, STAGE)).toEqual({
    scale: 1,
    x: -76,
    y: 376,
  });
});

test("pixels under the pointer", () => {
  const view = { scale: 4, x: 100, y: 100 };
  expect(pixelAt(view, { x: 100, y: 103.9 }, PICTURE)).toEqual({ x: 0, y: 0 });
  expect(pixelAt(view, { x: 499, y: 299 }, PICTURE)).toEqual({ x: 99, y: 49 });
  expect(pixelAt(view, { x: 99, y: 150 }, PICTURE)).toBeNull();
  expect(pixelAt(view, { x: 500, y: 150 }, PICTURE)).toBeNull();
});

test("the arrow keys move a pixel inside the picture", () => {
  expect(pixelMoved(null, { x: 1, y: 0 }, PICTURE)).toEqual({ x: 51, y: 25 });
  expect(pixelMoved({ x: 99, y: 0 }, { x: 1, y: -1 }, PICTURE)).toEqual({ x: 99, y: 0 });
});

test("the same place in a picture of another size", () => {
  expect(pixelIn({ x: 15, y: 0 }, { width: 16, height: 16 }, { width: 64, height: 64 })).toEqual({
    x: 62,
    y: 2,
  });
  expect(pixelIn({ x: 63, y: 63 }, { width: 64, height: 64 }, { width: 16, height: 16 })).toEqual({
    x: 15,
    y: 15,
  });
});
