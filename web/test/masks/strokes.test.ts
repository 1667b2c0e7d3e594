import { describe, expect, it } from "vitest";
import type { Brush, MaskStep } from "../../src/masks/strokes";
import {
  dabsOf,
  diameterAt,
  EMPTY_HISTORY,
  redone,
  undone,
  withStep,
} from "../../src/masks/strokes";

const BRUSH: Brush = { size: 16, feather: 0, isErasing: false, followsPressure: true };
const FILL: MaskStep = { kind: "fill" };
const INVERT: MaskStep = { kind: "invert" };

describe("the history of a mask", () => {
  it("goes back and forth step by step", () => {
    const both = withStep(withStep(EMPTY_HISTORY, FILL), INVERT);
    expect(undone(both)).toEqual({ done: [FILL], undone: [INVERT] });
    expect(redone(undone(both))).toEqual(both);
    expect(undone(undone(undone(both)))).toEqual({ done: [], undone: [INVERT, FILL] });
  });

  it("forgets what was undone when something else is done", () => {
    const other = withStep(undone(withStep(EMPTY_HISTORY, FILL)), INVERT);
    expect(other).toEqual({ done: [INVERT], undone: [] });
    expect(redone(other)).toEqual(other);
  });
});

describe("a stroke", () => {
  it("is as wide as the pen is pressed", () => {
    expect(diameterAt(BRUSH, 1)).toBe(16);
    expect(diameterAt(BRUSH, 0)).toBeCloseTo(3.2);
    expect(diameterAt({ ...BRUSH, followsPressure: false }, 0)).toBe(16);
  });

  it("sets the brush down without gaps, and ends where the pen does", () => {
    const dabs = [
      ...dabsOf(BRUSH, [
        { x: 0, y: 0, pressure: 1 },
        { x: 30, y: 40, pressure: 1 },
      ]),
    ];
    const gaps = dabs.slice(1).map((dab, index) => {
      const before = dabs[index] ?? dab;
      return Math.hypot(dab.x - before.x, dab.y - before.y);
    });
    expect(Math.max(...gaps)).toBeLessThanOrEqual(16 / 8 + 1e-9);
    expect(dabs.at(-1)).toEqual({ x: 30, y: 40, pressure: 1 });
  });

  it("is one dab for a tap, and takes up many tiny moves as one", () => {
    expect([...dabsOf(BRUSH, [{ x: 3, y: 4, pressure: 0.5 }])]).toHaveLength(1);
    const crawl = Array.from({ length: 101 }, (_, x) => ({ x: x / 10, y: 0, pressure: 1 }));
    const dabs = [...dabsOf(BRUSH, crawl)];
    expect(dabs.length).toBeGreaterThan(4);
    expect(dabs.length).toBeLessThan(12);
    expect(dabs.at(-1)?.x).toBeGreaterThan(8);
  });
});
