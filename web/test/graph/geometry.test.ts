import { describe, expect, it } from "vitest";
import { makeCatalogue } from "../../src/catalogue/catalogue";
import type { InputSocket, NodeType } from "../../src/catalogue/types";
import type { NodeShape } from "../../src/graph/geometry";
import { HEADER_HEIGHT, ROW_HEIGHT, shapeOf, socketPlace } from "../../src/graph/geometry";
import { CATALOGUE, toyNode } from "./toys";

const NONE: ReadonlySet<string> = new Set();
const type = (id: string) => CATALOGUE.types.get(id);

function inputsIn(shape: NodeShape): string[] {
  return shape.rows.flatMap(({ input }) => input?.name ?? []);
}

function outputsIn(shape: NodeShape): string[] {
  return shape.rows.flatMap(({ output }) => output?.name ?? []);
}

function makeType(
  kind: NodeType["kind"],
  inputs: readonly InputSocket[],
  outputs: readonly string[] = [],
): NodeType {
  return {
    id: "Made",
    title: "Made",
    category: [],
    kind,
    inputs: [{ name: "pipeline", type: "PIPELINE" }, ...inputs],
    outputs: [
      { name: "pipeline", type: "PIPELINE" },
      ...outputs.map((name) => ({ name, type: "TENSOR" as const })),
    ],
  };
}

const MADE = toyNode("made", { type: "Made" });
const MANY: readonly InputSocket[] = [
  { name: "prompt", type: "STRING", widget: { is_multiline: true } },
  { name: "needed", type: "TENSOR", is_required: true },
  ...Array.from({ length: 58 }, (_, index): InputSocket => ({ name: `n${index}`, type: "INT" })),
];

describe("what is shown of a node", () => {
  it("is all of it where that is little", () => {
    const shape = shapeOf(toyNode("s", { type: "Scale" }), type("Scale"), NONE);
    expect(inputsIn(shape)).toEqual(["image", "width"]);
    expect([shape.folded, shape.canFold]).toEqual([0, false]);
  });

  it("is what is used most or needed, of sixty inputs", () => {
    const shape = shapeOf(MADE, makeType("sequential", MANY), NONE);
    expect(inputsIn(shape)).toEqual(["needed", "prompt"]);
    expect([shape.folded, shape.canFold]).toEqual([58, true]);
    expect(shape.height).toBeLessThan(240);
  });

  it("is always what is linked or typed", () => {
    const node = toyNode("made", { type: "Made", given: { n7: 3, n9: ["a", "b"] } });
    expect(inputsIn(shapeOf(node, makeType("sequential", MANY), NONE))).toEqual([
      "needed",
      "n9",
      "prompt",
      "n7",
    ]);
  });

  it("is everything once it is unfolded, and it can be folded again", () => {
    const unfolded = { ...MADE, isUnfolded: true };
    const shape = shapeOf(unfolded, makeType("sequential", MANY), NONE);
    expect(inputsIn(shape)).toHaveLength(60);
    expect([shape.folded, shape.canFold]).toEqual([0, true]);
  });

  it("leaves intermediate values out, and outputs that are many and not used", () => {
    const some = makeType(
      "leaf",
      [{ name: "x", type: "TENSOR", role: "intermediate" }],
      "abcdefg".split(""),
    );
    const shape = shapeOf(MADE, some, new Set(["c"]));
    expect(inputsIn(shape)).toEqual([]);
    expect(outputsIn(shape)).toEqual(["c"]);
    expect(shape.folded).toBe(7);
  });

  it("folds functions that take very much, too", () => {
    expect(inputsIn(shapeOf(MADE, makeType("function", MANY), NONE))).toEqual(["needed", "prompt"]);
    expect(inputsIn(shapeOf(MADE, makeType("function", MANY.slice(0, 12)), NONE))).toHaveLength(12);
  });

  it("is what the file says of a type nobody knows", () => {
    const node = toyNode("odd", { type: "Odd", given: { pipeline: ["a", "b"], x: 1 } });
    const shape = shapeOf(node, undefined, new Set(["0"]));
    expect([inputsIn(shape), outputsIn(shape)]).toEqual([["x"], ["0"]]);
    expect([shape.hasMainInput, shape.hasMainOutput]).toEqual([true, false]);
  });

  it("is the header alone of a collapsed node", () => {
    const node = toyNode("d", { type: "Decode", isCollapsed: true });
    const shape = shapeOf(node, type("Decode"), new Set(["images", "pipeline"]));
    expect([shape.height, shape.rows, shape.hiddenOutputs]).toEqual([
      HEADER_HEIGHT,
      [],
      ["images"],
    ]);
  });

  it("has fields of bundles that are fed by name", () => {
    const bundle: InputSocket = {
      name: "fields",
      type: "DICT",
      is_bundle: true,
      role: "intermediate",
    };
    const node = toyNode("made", { type: "Made", given: { "fields.embeds": ["a", "b"] } });
    expect(inputsIn(shapeOf(node, makeType("leaf", [bundle]), NONE))).toEqual(["fields.embeds"]);
  });
});

describe("rows", () => {
  it("hold an input and an output where both names are short", () => {
    const inputs: readonly InputSocket[] = [
      { name: "image", type: "IMAGE" },
      { name: "a_name_that_fills_the_row", type: "IMAGE" },
      { name: "mask", type: "MASK" },
    ];
    const shape = shapeOf(MADE, makeType("function", inputs, ["one", "two", "three"]), NONE);
    expect(shape.rows.map(({ input, output }) => [input?.name, output?.name])).toEqual([
      ["image", "one"],
      [undefined, "two"],
      [undefined, "three"],
      ["a_name_that_fills_the_row", undefined],
      ["mask", undefined],
    ]);
  });

  it("of texts grow with the text, up to a point", () => {
    const heights = ["", "a fox", "a fox in the snow. ".repeat(10), "x\n".repeat(50)].map(
      (prompt) => {
        const node = toyNode("t", { type: "Encode", given: { prompt } });
        return shapeOf(node, type("Encode"), NONE).rows.find(
          ({ input }) => input?.name === "prompt",
        )?.height;
      },
    );
    expect(heights).toEqual([84, 84, 132, 180]);
  });

  it("have no control where the value is linked", () => {
    const node = toyNode("t", { type: "Encode", given: { prompt: ["a", "string"] } });
    const [row] = shapeOf(node, type("Encode"), NONE).rows.filter(({ input }) => input !== null);
    expect(row).toMatchObject({ control: "none", height: ROW_HEIGHT });
  });

  it.each([
    ["LIST", "line"],
    ["DICT", "line"],
    ["SEED", "line"],
    ["TENSOR", "none"],
    ["ANY", "none"],
  ] as const)("of a %s input have the control %s", (kind, control) => {
    const shape = shapeOf(MADE, makeType("function", [{ name: "x", type: kind }]), NONE);
    expect(shape.rows[0]?.control).toBe(control);
  });

  it("follow one another without a gap, and the node ends below them", () => {
    const shape = shapeOf(MADE, makeType("sequential", MANY, ["a", "b"]), NONE);
    let top = shape.rows[0]?.top;
    for (const row of shape.rows) {
      expect(row.top).toBe(top);
      top = row.top + row.height;
    }
    expect(shape.foldTop).toBe(top);
    expect(shape.height).toBeGreaterThan(shape.foldTop + ROW_HEIGHT);
  });
});

describe("the place of a socket", () => {
  const shape = shapeOf(toyNode("s", { type: "Scale" }), type("Scale"), NONE);

  it("is at the edge, in the middle of the first line of its row", () => {
    for (const row of shape.rows) {
      if (row.input !== null) {
        const { x, y } = socketPlace(shape, "in", row.input.name);
        expect([x, y]).toEqual([0, row.top + ROW_HEIGHT / 2]);
      }
    }
    expect(socketPlace(shape, "out", "image").x).toBe(shape.width);
  });

  it("of inputs and outputs of one name is not the same", () => {
    expect(socketPlace(shape, "in", "image").x).not.toBe(socketPlace(shape, "out", "image").x);
  });

  it("is in the header for the main wire, for what is folded and for collapsed nodes", () => {
    const made = shapeOf(MADE, makeType("sequential", MANY), NONE);
    const middle = HEADER_HEIGHT / 2;
    expect(socketPlace(made, "in", "pipeline")).toEqual({ x: 0, y: middle });
    expect(socketPlace(made, "in", "n3")).toEqual({ x: 0, y: middle });
    expect(socketPlace(made, "out", "pipeline")).toEqual({ x: made.width, y: middle });
  });

  it("of a bend is in its middle", () => {
    const bend = shapeOf(
      toyNode("r", { type: "Reroute" }),
      makeCatalogue({
        version: "",
        diffusers: "",
        node_types: [],
        pipelines: [],
        accepts: {},
        problems: [],
      }).types.get("Reroute"),
      NONE,
    );
    expect(socketPlace(bend, "in", "value")).toEqual({ x: 0, y: 9 });
    expect(socketPlace(bend, "out", "value")).toEqual({ x: 18, y: 9 });
  });
});
