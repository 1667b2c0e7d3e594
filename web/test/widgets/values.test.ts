import { describe, expect, it } from "vitest";
import { hexOf, parseHex } from "../../src/widgets/colours";
import { parseValue, shownValue } from "../../src/widgets/lists";
import { matching, nextIndex } from "../../src/widgets/options";

describe("lists", () => {
  it.each([
    ["[1, 2]", { value: [1, 2] }],
    ["1, 2.5, 3", { value: [1, 2.5, 3] }],
    ['"a"', { value: ["a"] }],
    ["7", { value: [7] }],
    ["null", { value: null }],
    ["", { value: undefined }],
    ["1, two", { problem: "control.noJson" }],
    ['{"a": 1}', { problem: "control.noList" }],
  ])("are read from %s", (text, wanted) => {
    expect(parseValue(text, "LIST")).toEqual(wanted);
  });

  it.each([
    ['{"a": {"b": [1]}}', { value: { a: { b: [1] } } }],
    ['"a": 1, "b": true', { value: { a: 1, b: true } }],
    ["[1]", { problem: "control.noDict" }],
    ["a: 1", { problem: "control.noJson" }],
  ])("and named values from %s", (text, wanted) => {
    expect(parseValue(text, "DICT")).toEqual(wanted);
  });

  it("are shown as they could be written", () => {
    const value = [1, [2, "x"], { a: null, b: true }];
    expect(shownValue(value)).toBe('[1, [2, "x"], {"a": null, "b": true}]');
    expect(parseValue(shownValue(value), "LIST")).toEqual({ value });
  });
});

describe("colours", () => {
  it("are six digits", () => {
    expect(hexOf(0xff8000)).toBe("#ff8000");
    expect(hexOf(255)).toBe("#0000ff");
    expect(hexOf(-3)).toBe("#000000");
  });

  it.each([
    ["#ff8000", 0xff8000],
    ["FF8000", 0xff8000],
    [" #f80 ", 0xff8800],
    ["red", undefined],
    ["#ff80", undefined],
  ])("are read from %s", (text, wanted) => {
    expect(parseHex(text)).toBe(wanted);
  });
});

describe("searching options", () => {
  const options = ["linear", "scaled_linear", "Quadratic linear"].map((text) => ({ text }));

  it("finds every word anywhere, beginnings first", () => {
    expect(matching(options, "LIN").map(({ text }) => text)).toEqual([
      "linear",
      "scaled_linear",
      "Quadratic linear",
    ]);
    expect(matching(options, "lin quad").map(({ text }) => text)).toEqual(["Quadratic linear"]);
    expect(matching(options, "")).toHaveLength(3);
    expect(matching(options, "none")).toEqual([]);
  });

  it("goes round with the arrow keys", () => {
    expect(nextIndex("ArrowDown", 2, 3)).toBe(0);
    expect(nextIndex("ArrowUp", 0, 3)).toBe(2);
    expect(nextIndex("ArrowUp", -1, 3)).toBe(2);
    expect(nextIndex("ArrowDown", -1, 0)).toBe(-1);
    expect(nextIndex("x", 1, 3)).toBeUndefined();
  });
});
