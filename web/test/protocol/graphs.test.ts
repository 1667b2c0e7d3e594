import { expect, it } from "vitest";
import { nameProblem } from "../../src/protocol/graphs";
import { inputFile, inputName } from "../../src/protocol/uploads";

it.each([
  ["castle", null],
  ["portraits/first", null],
  ["Straße 7", null],
  ["", "empty"],
  ["   ", "empty"],
  [".hidden", "letters"],
  ["../up", "letters"],
  ["a//b", "letters"],
  ["a/", "letters"],
  [String.raw`a\b`, "letters"],
  ["a:b", "letters"],
  ["x".repeat(121), "long"],
])("says whether %j can be a graph's name", (name, problem) => {
  expect(nameProblem(name)).toBe(problem);
});

it("names uploaded pictures as nodes do", () => {
  const file = { filename: "b.png", subfolder: "a/c", type: "input" } as const;
  expect(inputName(file)).toBe("a/c/b.png");
  expect(inputFile("a/c/b.png")).toEqual(file);
  expect(inputFile("b.png")).toEqual({ filename: "b.png", subfolder: "", type: "input" });
});
