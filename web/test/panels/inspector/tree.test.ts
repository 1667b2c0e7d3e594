import { describe, expect, test } from "vitest";
import { keyInTree, rowsOf } from "../../../src/panels/inspector/tree";
import { summary } from "../../samples/states";

const NESTED = summary("dict", {
  items: [
    { name: "size", ...summary("number") },
    {
      name: "more",
      ...summary("dict", {
        items: [
          { name: "a", ...summary("list", { items: [{ name: "0", ...summary("text") }] }) },
          { name: "b", ...summary("none") },
        ],
      }),
    },
    { name: "last", ...summary("boolean") },
  ],
});
const MORE = '["more"]';
const INNER = '["more","a"]';

const names = (open: readonly string[]): readonly string[] =>
  rowsOf(NESTED, new Set(open)).map(({ depth, name }) => `${depth} ${name}`);

test("rows are those that are seen", () => {
  expect(names([])).toEqual(["0 size", "0 more", "0 last"]);
  expect(names([MORE])).toEqual(["0 size", "0 more", "1 a", "1 b", "0 last"]);
  expect(names([MORE, INNER])).toEqual(["0 size", "0 more", "1 a", "2 0", "1 b", "0 last"]);
  // An inner one that is open comes back with its parent.
  expect(names([INNER])).toEqual(["0 size", "0 more", "0 last"]);
});

test("a row knows its path and its place among its siblings", () => {
  const row = rowsOf(NESTED, new Set([MORE]))[3];
  expect(row).toMatchObject({ path: ["more", "b"], position: 2, siblings: 2, hasInside: false });
});

describe("keys", () => {
  const open = new Set([MORE]);
  const rows = rowsOf(NESTED, open);
  const A = INNER;
  const B = '["more","b"]';

  test.each([
    ["ArrowDown", MORE, { focus: A }],
    ["ArrowUp", MORE, { focus: '["size"]' }],
    ["ArrowUp", '["size"]', null],
    ["ArrowDown", '["last"]', null],
    ["Home", B, { focus: '["size"]' }],
    ["End", MORE, { focus: '["last"]' }],
    ["ArrowRight", A, { toggle: A }],
    ["ArrowRight", MORE, { focus: A }],
    ["ArrowRight", B, null],
    ["ArrowLeft", MORE, { toggle: MORE }],
    ["ArrowLeft", B, { focus: MORE }],
    ["ArrowLeft", '["size"]', null],
    ["Enter", A, { toggle: A }],
    [" ", B, null],
    ["x", MORE, null],
    ["ArrowDown", "nowhere", null],
  ])("%s at %s", (key, at, move) => {
    expect(keyInTree(rows, at, key)).toEqual(move);
  });
});
