import { expect, it } from "vitest";
import { fitInto, fitOfPicture, fromMap, MAP, onMap } from "../../src/canvas/minimap";

const GRAPH = { x: -200, y: 100, width: 4000, height: 900 };
const SEEN = { x: -1500, y: -700, width: 1900, height: 1200 };

it("fits everything in, and finds the way back", () => {
  const fit = fitInto([GRAPH, SEEN], MAP);
  for (const frame of [GRAPH, SEEN]) {
    const { x, y, width, height } = onMap(fit, frame);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(MAP.width);
    expect(y + height).toBeLessThanOrEqual(MAP.height);
  }
  expect(fromMap(fit, onMap(fit, GRAPH))).toEqual({
    x: expect.closeTo(GRAPH.x, 6),
    y: expect.closeTo(GRAPH.y, 6),
  });
});

it("moves the picture of the graph to where painting it anew would put it", () => {
  const painted = fitInto([GRAPH], MAP);
  const wanted = fitInto([GRAPH, SEEN], MAP);
  const { scale, x, y } = fitOfPicture(painted, wanted);
  const before = onMap(painted, GRAPH);
  const after = onMap(wanted, GRAPH);
  expect(before.x * scale + x).toBeCloseTo(after.x, 6);
  expect(before.y * scale + y).toBeCloseTo(after.y, 6);
  expect(before.width * scale).toBeCloseTo(after.width, 6);
  expect(fitOfPicture(painted, painted)).toEqual({ scale: 1, x: 0, y: 0 });
});
