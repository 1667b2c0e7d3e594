import { expect, test } from "vitest";
import { barsOfTime, clockText, longestOf, secondsText } from "../../../src/panels/inspector/time";

test.each([
  [0, "0 ms"],
  [0.000_2, "1 ms"],
  [0.042, "42 ms"],
  [0.0998, "0.1 s"],
  [3.5, "3.5 s"],
  [42.4, "42 s"],
  [59.9, "60 s"],
  [61, "1 min 01 s"],
])("%d seconds are %s", (seconds, shown) => {
  expect(secondsText(seconds)).toBe(shown);
});

test("nodes share one line of time, kept ones take none of it", () => {
  const bars = barsOfTime([
    { id: "a", seconds: 1, isKept: false },
    { id: "b", seconds: 9, isKept: true },
    { id: "c", seconds: 3, isKept: false },
  ]);
  expect(bars.map(({ id, start, length }) => [id, start, length])).toEqual([
    ["a", 0, 0.25],
    ["b", 0.25, 0],
    ["c", 0.25, 0.75],
  ]);
  expect(barsOfTime([{ id: "a", seconds: 0, isKept: true }])[0]?.length).toBe(0);
});

test("the day is told where it was not today", () => {
  const noon = new Date(2026, 4, 3, 12, 5, 6).getTime();
  expect(clockText(noon, noon + 60_000)).toMatch(/^12:05:06/);
  expect(clockText(noon, noon + 86_400_000)).toMatch(/^May 3, 12:05:06/);
});

test("of many nodes those that took longest, in their order", () => {
  const nodes = [
    { id: "a", seconds: 1, isKept: false },
    { id: "b", seconds: 9, isKept: true },
    { id: "c", seconds: 0.5, isKept: false },
    { id: "d", seconds: 3, isKept: false },
  ];
  expect(longestOf(nodes, 2).map(({ id }) => id)).toEqual(["a", "d"]);
  expect(longestOf(nodes, 4)).toBe(nodes);
});
