import { describe, expect, it } from "vitest";
import { framesOf, frameAround } from "../../src/graph/frames";
import { groupAround, membersOf } from "../../src/graph/groups";
import { insertReroute } from "../../src/graph/insert";
import { layOut, withPlaces } from "../../src/graph/layout";
import { crossings, inSocketOrder, longestPathColumns } from "../../src/graph/layout/columns";
import type { GraphDocument } from "../../src/graph/model";
import type { ToyNode } from "./toys";
import { CATALOGUE, chain, draw } from "./toys";

function overlapsIn(document: GraphDocument): string[] {
  const frames = [...framesOf(document, Object.keys(document.nodes), CATALOGUE)];
  return frames.flatMap(([id, one], index) =>
    frames
      .slice(index + 1)
      .filter(
        ([, other]) =>
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height,
      )
      .map(([other]) => `${id} and ${other}`),
  );
}

const placed = (document: GraphDocument) =>
  Object.fromEntries(Object.values(document.nodes).map(({ id, x, y }) => [id, [x, y]]));

/** Chains with helpers and branches, every node in the same place. */
function tangle(chains: number, length: number): GraphDocument {
  const nodes: Record<string, ToyNode> = {};
  for (let row = 0; row < chains; row += 1) {
    for (let column = 0; column < length; column += 1) {
      const before = column === 0 ? [] : [`n${row}x${column - 1}`, "pipeline"];
      const beside = row > 0 && column === 3 ? [`n${row - 1}x1`, "pipeline"] : [];
      const main = column === 0 ? {} : { pipeline: before };
      const type = column === 0 ? "Load" : column === 3 ? "Join" : "Denoise";
      const other = beside.length > 0 ? { other: beside } : {};
      const seed = type === "Denoise" ? { steps: [`v${row}x${column}`, "int"] } : {};
      nodes[`n${row}x${column}`] = { type, given: { ...main, ...other, ...seed } };
      if (type === "Denoise") {
        nodes[`v${row}x${column}`] = { type: "Int" };
      }
    }
  }
  return draw(nodes);
}

describe("laying out", () => {
  it("puts a chain in one row, from left to right", async () => {
    const heaped = { ...chain() };
    const document = await layOut(
      { ...heaped, nodes: Object.fromEntries(Object.entries(heaped.nodes).toReversed()) },
      null,
      CATALOGUE,
    );
    expect(placed(document)).toMatchObject({
      load: [0, 0],
      text: [370, 0],
      denoise: [740, 0],
      decode: [1110, 0],
    });
    expect(document.nodes["save"]?.x).toBe(1480);
  });

  it("leaves room for what nodes show below their sockets", async () => {
    const two = draw({ one: { type: "Int" }, other: { type: "Int" } });
    const drawn = new Map([
      ["one", 700],
      ["other", 700],
    ]);
    const { nodes } = await layOut(two, null, CATALOGUE, drawn);
    const [first, second] = [nodes["one"], nodes["other"]];
    expect(Math.abs((second?.y ?? 0) - (first?.y ?? 0))).toBeGreaterThanOrEqual(700);
  });

  it("keeps main wires level through branches and joins, and lets nothing overlap", async () => {
    const document = await layOut(tangle(4, 8), null, CATALOGUE);
    expect(overlapsIn(document)).toEqual([]);
    for (let row = 0; row < 4; row += 1) {
      const tops = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => document.nodes[`n${row}x${n}`]?.y);
      expect(new Set(tops).size).toBe(1);
    }
  });

  it("draws every wire to the right", async () => {
    const { nodes } = await layOut(tangle(3, 6), null, CATALOGUE);
    for (const node of Object.values(nodes)) {
      for (const input of Object.values(node.inputs)) {
        if (input.kind === "link") {
          expect(nodes[input.node]?.x).toBeLessThan(node.x);
        }
      }
    }
  });

  it("moves a selection only, and keeps its upper left corner", async () => {
    const before = { ...tangle(2, 4) };
    const ids = new Set(["n1x0", "n1x1", "n1x2"]);
    const shifted = {
      ...before,
      nodes: Object.fromEntries(
        Object.values(before.nodes).map((node) => [
          node.id,
          ids.has(node.id) ? { ...node, x: 905, y: 333 } : node,
        ]),
      ),
    };
    const after = await layOut(shifted, ids, CATALOGUE);
    for (const [id, node] of Object.entries(after.nodes)) {
      expect(ids.has(id) || node === shifted.nodes[id]).toBe(true);
    }
    expect(placed(after)).toMatchObject({ n1x0: [905, 333], n1x1: [1275, 333], n1x2: [1645, 333] });
  });

  it("puts parts below each other, and single nodes side by side", async () => {
    const document = await layOut(
      draw({
        one: { type: "Int" },
        load: { type: "Load" },
        two: { type: "Int" },
        text: { type: "Encode", given: { pipeline: ["load", "pipeline"] } },
      }),
      null,
      CATALOGUE,
    );
    const { nodes } = document;
    expect(nodes["one"]?.y).toBeGreaterThan(200);
    expect(nodes["two"]?.y).toBe(nodes["one"]?.y);
    expect(nodes["two"]?.x).toBe(370);
    expect(overlapsIn(document)).toEqual([]);
  });

  it("brings groups and notes along", async () => {
    const note = { id: "note", text: "", x: 1110, y: -100, width: 200, height: 80 };
    const drawn = chain();
    const far = { ...drawn.nodes, decode: { ...drawn.nodes["decode"]!, y: 600 } };
    const grouped = groupAround(
      { ...drawn, nodes: far, notes: { note: { ...note, y: 500 } } },
      ["denoise", "decode"],
      "G",
      CATALOGUE,
    ).document;
    const after = await layOut(grouped, null, CATALOGUE);
    const group = after.groups["group"];
    expect(group && membersOf(after, group, CATALOGUE)).toEqual(
      new Set(["denoise", "decode", "note"]),
    );
    expect(group?.height).toBeLessThan(500);
    expect(after.notes["note"]).toEqual(note);
  });

  it("takes circles, bends and unknown types", async () => {
    const circle = draw({
      a: { type: "Denoise", given: { pipeline: ["b", "pipeline"] } },
      b: { type: "Denoise", given: { pipeline: ["a", "pipeline"] } },
      odd: { type: "Nobody", given: { x: ["b", "latents"] } },
    });
    expect(overlapsIn(await layOut(circle, null, CATALOGUE))).toEqual([]);
    const main = { from: "text", output: "pipeline", to: "denoise", input: "pipeline" };
    const bent = insertReroute(chain(), main, { x: 0, y: 0 }).document;
    const { nodes } = await layOut(bent, null, CATALOGUE);
    // The bend's middle is level with the main sockets.
    expect((nodes["reroute"]?.y ?? 0) + 9).toBeCloseTo((nodes["text"]?.y ?? 0) + 18, 0);
  });

  it("does nothing where there is nothing", async () => {
    expect(await layOut(draw({}), null, CATALOGUE)).toEqual(draw({}));
  });
});

describe("nodes without a place", () => {
  const lost = { x: Number.NaN, y: Number.NaN };

  it("are laid out when a file is opened", () => {
    const document = withPlaces(
      draw({
        load: { type: "Load", ...lost },
        text: { type: "Encode", ...lost, given: { pipeline: ["load", "pipeline"] } },
      }),
      CATALOGUE,
    );
    expect(placed(document)).toEqual({ load: [0, 0], text: [370, 0] });
  });

  it("stand below those that have one", () => {
    const document = withPlaces(
      draw({ load: { type: "Load", x: 100, y: 50 }, text: { type: "Encode", ...lost } }),
      CATALOGUE,
    );
    expect(document.nodes["load"]).toMatchObject({ x: 100, y: 50 });
    expect(document.nodes["text"]?.x).toBe(100);
    expect(overlapsIn(document)).toEqual([]);
  });

  it("are no reason to touch a document that has none", () => {
    const document = chain();
    expect(withPlaces(document, CATALOGUE)).toBe(document);
  });

  it("may be very many", () => {
    const many = tangle(40, 10);
    const nodes = Object.fromEntries(
      Object.entries(many.nodes).map(([id, node]) => [id, { ...node, ...lost }]),
    );
    expect(Object.keys(nodes).length).toBeGreaterThan(600);
    const document = withPlaces({ ...many, nodes }, CATALOGUE);
    expect(overlapsIn(document)).toEqual([]);
    expect(frameAround(framesOf(document, Object.keys(nodes), CATALOGUE).values())).toBeDefined();
  });
});

describe("columns", () => {
  const box = (id: string) => [id, { id, width: 100, height: 50 }] as const;
  const pull = (from: string, to: string, toY: number) => ({
    from,
    to,
    fromY: 10,
    toY,
    isMain: false,
  });

  it("are sorted by the sockets that their wires end in", () => {
    const pulls = [pull("a", "end", 90), pull("b", "end", 60), pull("c", "end", 30)];
    const before = [["a", "b", "c"], ["end"]];
    expect(crossings(before, pulls)).toBe(3);
    expect(inSocketOrder(before, pulls)).toEqual([["c", "b", "a"], ["end"]]);
  });

  it("go by the longest way, with starts beside what reads them", () => {
    const drawing = {
      boxes: new Map([box("a"), box("b"), box("c"), box("late")]),
      pulls: [pull("a", "b", 0), pull("b", "c", 0), pull("a", "c", 0), pull("late", "c", 0)],
    };
    expect(longestPathColumns(drawing)).toEqual([["a"], ["b", "late"], ["c"]]);
  });
});
