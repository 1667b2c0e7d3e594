import { describe, expect, it } from "vitest";
import type { InputSocket } from "../../src/catalogue/types";
import { draggedNumber, fillOf, parseNumber, steppedNumber } from "../../src/widgets/numbers";

const STRENGTH: InputSocket = {
  name: "strength",
  type: "FLOAT",
  widget: { minimum: 0, maximum: 1, step: 0.01 },
};
const WIDTH: InputSocket = {
  name: "width",
  type: "INT",
  widget: { minimum: 8, maximum: 16384, step: 8 },
};
const FREE: InputSocket = { name: "shift", type: "FLOAT" };

describe("typed numbers", () => {
  it.each([
    ["0.5", 0.5],
    [" 0,25 ", 0.25],
    ["3", 1],
    ["-1", 0],
    ["", undefined],
    ["abc", "invalid"],
    ["1e999", "invalid"],
  ])("%s is %s", (text, wanted) => {
    expect(parseNumber(text, STRENGTH)).toBe(wanted);
  });

  it("are whole where they have to be, and can be told apart", () => {
    expect(parseNumber("511.6", WIDTH)).toBe(512);
    const seed: InputSocket = { name: "seed", type: "SEED" };
    expect(parseNumber("18446744073709551615", seed)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("steps", () => {
  it("go from what counts, without dust", () => {
    expect(steppedNumber("0.1", STRENGTH, 20)).toBe(0.3);
    expect(steppedNumber("1024", WIDTH, -2)).toBe(1008);
    expect(steppedNumber("", WIDTH, 1)).toBe(16);
    expect(steppedNumber("← Text", FREE, 1)).toBe(0.1);
  });
});

describe("dragging", () => {
  it("goes over the whole of a short range with one movement", () => {
    expect(draggedNumber(0, STRENGTH, 240, false)).toBe(1);
    expect(draggedNumber(0.5, STRENGTH, 24, false)).toBe(0.6);
    expect(draggedNumber(0.5, STRENGTH, -2000, false)).toBe(0);
  });

  it("goes step by step where there are no limits", () => {
    expect(draggedNumber(1, FREE, 80, false)).toBe(2);
    expect(draggedNumber(512, WIDTH, 20, false)).toBe(592);
  });

  it("is finer with Shift", () => {
    expect(draggedNumber(1, FREE, 80, true)).toBe(1.2);
    expect(draggedNumber(512, WIDTH, 20, true)).toBe(528);
  });
});

describe("the bar", () => {
  it("shows the place between the limits", () => {
    expect(fillOf(0.25, STRENGTH)).toBe(0.25);
    expect(fillOf(7, STRENGTH)).toBe(1);
  });

  it("is left out where it would say nothing", () => {
    expect(fillOf(512, WIDTH)).toBeUndefined();
    expect(fillOf(1, FREE)).toBeUndefined();
  });
});
