import { describe, expect, test } from "vitest";
import {
  heatColour,
  layoutOf,
  paintedPlane,
  planeOf,
  rangeOf,
} from "../../../src/panels/viewer/planes";

function counted(shape: readonly number[]) {
  const count = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Float64Array.from({ length: count }, (_, index) => index) };
}

describe("how the axes are read", () => {
  test.each([
    [[16, 16], { channels: -1, rows: 0, columns: 1, others: [] }],
    [[4, 16, 16], { channels: 0, rows: 1, columns: 2, others: [] }],
    [[1, 4, 16, 16], { channels: 1, rows: 2, columns: 3, others: [0] }],
    [[1, 64, 64, 3], { channels: 3, rows: 1, columns: 2, others: [0] }],
    [[1, 16, 5, 32, 32], { channels: 1, rows: 3, columns: 4, others: [0, 2] }],
    [[2, 28, 4], { channels: 0, rows: 1, columns: 2, others: [] }],
  ])("%j", (shape, layout) => {
    expect(layoutOf(shape)).toEqual(layout);
  });

  test("a row of numbers has no planes", () => {
    expect(layoutOf([5])).toBeUndefined();
    expect(layoutOf([])).toBeUndefined();
  });
});

describe("planes", () => {
  const planeIn = (shape: readonly number[], channel: number, indexes: readonly number[]) => {
    const layout = layoutOf(shape);
    return layout && planeOf(counted(shape), layout, channel, indexes);
  };

  test("channels come before rows and columns", () => {
    expect([...(planeIn([2, 3, 2, 2], 1, [1])?.values ?? [])]).toEqual([16, 17, 18, 19]);
  });

  test("colours come last in pictures", () => {
    const plane = planeIn([1, 8, 8, 3], 2, [0]);
    expect([plane?.width, plane?.height]).toEqual([8, 8]);
    expect([...(plane?.values.slice(0, 3) ?? [])]).toEqual([2, 5, 8]);
  });

  test("frames have an index of their own", () => {
    expect([...(planeIn([1, 2, 3, 1, 2], 1, [0, 2])?.values ?? [])]).toEqual([10, 11]);
  });
});

test("the range is that of the finite numbers", () => {
  expect(rangeOf([1, Number.NaN, -2, Infinity])).toEqual({ minimum: -2, maximum: 1 });
  expect(rangeOf([Number.NaN])).toEqual({ minimum: 0, maximum: 0 });
});

test("colours go from dark to light, and what is no number stands out", () => {
  expect(heatColour(0)).toEqual([12, 8, 48]);
  expect(heatColour(2)).toEqual([252, 236, 110]);
  expect(heatColour(0.1)).toEqual([25, 28, 89]);
  const plane = { width: 3, height: 1, values: Float64Array.from([0, 1, Number.NaN]) };
  expect([...paintedPlane(plane, { minimum: 0, maximum: 1 })]).toEqual([
    12, 8, 48, 255, 252, 236, 110, 255, 255, 0, 255, 255,
  ]);
});
