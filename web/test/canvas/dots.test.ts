import { describe, expect, it } from "vitest";
import { dotsIn } from "../../src/canvas/viewport";

describe("dotsIn", () => {
  it("puts dots where places snap to, whatever the view", () => {
    for (const view of [
      { x: 0, y: 0, zoom: 1 },
      { x: 73, y: -61.5, zoom: 1.37 },
      { x: -4000, y: 999, zoom: 0.1 },
    ]) {
      const { gap, radius, left, top } = dotsIn(view);
      const off = (place: number): number => Math.abs(Math.sin((place / gap) * Math.PI));
      expect(off(left + radius - view.x)).toBeCloseTo(0);
      expect(off(top + radius - view.y)).toBeCloseTo(0);
    }
  });

  it("never uncovers the edge of the canvas", () => {
    for (const x of [-1000.3, -1, 0, 0.2, 19.9, 777]) {
      const { gap, left } = dotsIn({ x, y: 0, zoom: 2.5 });
      expect(gap).toBe(50);
      expect(left).toBeGreaterThanOrEqual(-50);
      expect(left).toBeLessThan(0);
    }
  });

  it("draws fewer of them from afar", () => {
    expect(dotsIn({ x: 0, y: 0, zoom: 0.75 }).gap).toBe(15);
    expect(dotsIn({ x: 0, y: 0, zoom: 0.5 }).gap).toBe(20);
    expect(dotsIn({ x: 0, y: 0, zoom: 0.1 }).gap).toBe(16);
  });
});
