import { expect, it } from "vitest";
import { EMPTY_DOCUMENT } from "../../src/graph/model";
import { seedOf, withSeed } from "../../src/graph/seed";

it("is fixed in the graph, and left to each run without", () => {
  expect(seedOf(EMPTY_DOCUMENT)).toBeNull();
  const fixed = withSeed({ ...EMPTY_DOCUMENT, extra: { other: 1 } }, 7);
  expect(seedOf(fixed)).toBe(7);
  expect(withSeed(fixed, 7)).toBe(fixed);
  expect(withSeed(fixed, null).extra).toEqual({ other: 1 });
});

it.each([-1, 1.5, "7", Number.MAX_SAFE_INTEGER + 1])("is never %j", (seed) => {
  expect(seedOf({ ...EMPTY_DOCUMENT, extra: { seed } })).toBeNull();
});
