import { expect, test } from "vitest";
import { barsOf, outlineOf, placeOf } from "../../../src/panels/inspector/histogram";

test("bars stand side by side, the highest one fills the height", () => {
  expect(barsOf([0, 5, 10], 30, 20)).toEqual([
    { x: 0, y: 20, width: 10, height: 0 },
    { x: 10, y: 10, width: 10, height: 10 },
    { x: 20, y: 0, width: 10, height: 20 },
  ]);
});

test("what is there at all can be seen", () => {
  const [small] = barsOf([1, 100_000], 2, 50);
  expect(small).toEqual({ x: 0, y: 49, width: 1, height: 1 });
});

test("no bins, and only empty ones, are no trouble", () => {
  expect(barsOf([], 10, 10)).toEqual([]);
  expect(barsOf([0, 0], 10, 10).every(({ height }) => height === 0)).toBe(true);
});

test("the outline leaves empty bins out", () => {
  expect(outlineOf(barsOf([0, 5, 10], 30, 20))).toBe("M10 10h10v10h-10zM20 0h10v20h-10z");
});

test("a number has its place between least and greatest", () => {
  expect(placeOf(0, -1, 1, 200)).toBe(100);
  expect(placeOf(-1, -1, 1, 200)).toBe(0);
  expect(placeOf(2, -1, 1, 200)).toBeNull();
  expect(placeOf(0, 3, 3, 200)).toBeNull();
  expect(placeOf(null, 0, 1, 200)).toBeNull();
});
