import { describe, expect, it } from "vitest";
import { align, distribute, snap } from "../../src/graph/arrange";
import { frameAround, frameOf } from "../../src/graph/frames";
import {
  groupAround,
  membersOf,
  moveWithMembers,
  ungroup,
  withMembers,
} from "../../src/graph/groups";
import type { GraphDocument, Group, Note } from "../../src/graph/model";
import { EMPTY_DOCUMENT } from "../../src/graph/model";
import { downstreamOf, upstreamOf } from "../../src/graph/reach";
import { CATALOGUE, chain, draw } from "./toys";

function note(id: string, x: number, y: number, width = 100, height = 50): Note {
  return { id, text: "", x, y, width, height };
}

function group(id: string, x: number, y: number, width: number, height: number): Group {
  return { id, title: id, colour: "grey", x, y, width, height };
}

const NOTES: GraphDocument = {
  ...EMPTY_DOCUMENT,
  notes: { a: note("a", 10, 20), b: note("b", 300, 45, 200, 100), c: note("c", 130, 400) },
};
const placesOf = (document: GraphDocument) =>
  Object.values(document.notes).map(({ x, y }) => [x, y]);

describe("align", () => {
  it.each([
    [
      "left",
      [
        [10, 20],
        [10, 45],
        [10, 400],
      ],
    ],
    [
      "right",
      [
        [400, 20],
        [300, 45],
        [400, 400],
      ],
    ],
    [
      "centre",
      [
        [205, 20],
        [155, 45],
        [205, 400],
      ],
    ],
    [
      "top",
      [
        [10, 20],
        [300, 20],
        [130, 20],
      ],
    ],
    [
      "bottom",
      [
        [10, 400],
        [300, 350],
        [130, 400],
      ],
    ],
    [
      "middle",
      [
        [10, 210],
        [300, 185],
        [130, 210],
      ],
    ],
  ] as const)("brings things to the %s", (edge, wanted) => {
    expect(placesOf(align(NOTES, ["a", "b", "c"], edge, CATALOGUE))).toEqual(wanted);
  });

  it("does nothing with one", () => {
    expect(align(NOTES, ["a"], "right", CATALOGUE)).toBe(NOTES);
  });
});

describe("distribute", () => {
  it("makes gaps the same between the outermost, whatever their order", () => {
    expect(placesOf(distribute(NOTES, ["b", "a", "c"], "down", CATALOGUE))).toEqual([
      [10, 20],
      [300, 185],
      [130, 400],
    ]);
    expect(placesOf(distribute(NOTES, ["a", "b", "c"], "across", CATALOGUE))).toEqual([
      [10, 20],
      [300, 45],
      [155, 400],
    ]);
  });

  it("does nothing with two", () => {
    expect(distribute(NOTES, ["a", "b"], "down", CATALOGUE)).toBe(NOTES);
  });
});

it("snaps to the grid", () => {
  expect(placesOf(snap(NOTES, ["a", "b", "c"], 20, CATALOGUE))).toEqual([
    [20, 20],
    [300, 40],
    [140, 400],
  ]);
});

describe("groups", () => {
  const document: GraphDocument = {
    ...chain(),
    notes: { in: note("in", 400, 300), out: note("out", 400, 2000) },
    groups: {
      g: group("g", 350, -50, 700, 600),
      inner: group("inner", 360, -20, 320, 300),
      over: group("over", 900, 0, 900, 100),
    },
  };

  it("hold what has its middle in them, and groups that are wholly inside", () => {
    const g = document.groups["g"];
    expect(g && membersOf(document, g, CATALOGUE)).toEqual(
      new Set(["text", "denoise", "in", "inner"]),
    );
  });

  it("bring along what lies in groups that lie in them", () => {
    expect(withMembers(document, ["inner"], CATALOGUE)).toEqual(new Set(["inner", "text"]));
  });

  it("move with what lies in them, once", () => {
    const moved = moveWithMembers(document, { g: { x: 360, y: -40 } }, CATALOGUE);
    expect(moved).toEqual({
      ...document,
      nodes: {
        ...document.nodes,
        text: { ...document.nodes["text"], x: 380, y: 10 },
        denoise: { ...document.nodes["denoise"], x: 750, y: 10 },
      },
      notes: { ...document.notes, in: note("in", 410, 310) },
      groups: {
        ...document.groups,
        g: group("g", 360, -40, 700, 600),
        inner: group("inner", 370, -10, 320, 300),
      },
    });
  });

  it("leave a member where it was dragged itself", () => {
    const moved = moveWithMembers(
      document,
      { g: { x: 360, y: -40 }, text: { x: 500, y: 500 } },
      CATALOGUE,
    );
    expect(moved.nodes["text"]).toMatchObject({ x: 500, y: 500 });
  });

  it("are drawn around a selection, which then lies in them", () => {
    const { document: grouped, ids } = groupAround(chain(), ["text", "denoise"], "Mine", CATALOGUE);
    const made = grouped.groups[ids[0] ?? ""];
    expect(made?.title).toBe("Mine");
    expect(made && membersOf(grouped, made, CATALOGUE)).toEqual(new Set(["text", "denoise"]));
    expect(groupAround(chain(), [], "Mine", CATALOGUE).document).toEqual(chain());
  });

  it("go and leave the rest", () => {
    const left = ungroup(document, new Set(["g", "text"]));
    expect(Object.keys(left.groups)).toEqual(["inner", "over"]);
    expect(left.nodes).toBe(document.nodes);
  });
});

describe("what belongs together", () => {
  it("is everything a node needs", () => {
    expect(upstreamOf(chain(), ["denoise"])).toEqual(new Set(["denoise", "text", "load"]));
  });

  it("is everything that needs a node, circles included", () => {
    expect(downstreamOf(chain(), ["denoise"])).toEqual(new Set(["denoise", "decode", "save"]));
    const circle = draw({
      a: { type: "Denoise", given: { pipeline: ["b", "pipeline"] } },
      b: { type: "Denoise", given: { pipeline: ["a", "pipeline"] } },
    });
    expect(downstreamOf(circle, ["a"])).toEqual(new Set(["a", "b"]));
  });
});

describe("frames", () => {
  it("are of nodes, notes and groups", () => {
    expect(frameOf(chain(), "save", CATALOGUE)).toMatchObject({ x: 1480, y: 0, width: 280 });
    expect(frameOf(NOTES, "a", CATALOGUE)).toMatchObject({ x: 10, y: 20, width: 100, height: 50 });
    expect(frameOf(NOTES, "gone", CATALOGUE)).toBeUndefined();
  });

  it("are drawn around others", () => {
    expect(frameAround(Object.values(NOTES.notes))).toEqual({
      x: 10,
      y: 20,
      width: 490,
      height: 430,
    });
    expect(frameAround([])).toBeUndefined();
  });
});
