import { describe, expect, it } from "vitest";
import type { NodeType } from "../../src/catalogue/types";
import {
  freshName,
  idWithBlocks,
  mayStandInside,
  partsOf,
  readBlocks,
  takesBlocks,
  writeBlocks,
} from "../../src/graph/blocks";
import { withCombined } from "../../src/graph/combine";
import { readFile, writeFile } from "../../src/graph/file";
import type { Json } from "../../src/graph/model";
import { CATALOGUE, chain, toyNode, wiresIn } from "./toys";

const LISTED: Json = [
  { name: "denoiser", block: "Denoiser" },
  { name: "mine", block: "Loop", blocks: [{ name: "a", block: "my.A" }] },
];
const ID = 'Loop[["denoiser","Denoiser"],["mine","Loop[[\\"a\\",\\"my.A\\"]]"]]';

function type(id: string, kind: NodeType["kind"], loop?: NodeType["loop"]): NodeType {
  return { id, kind, title: id, category: [], ...(loop === undefined ? {} : { loop }) };
}

describe("blocks inside a node", () => {
  it("are a part of its type, written as the server writes them", () => {
    const blocks = readBlocks(LISTED) ?? [];
    expect(idWithBlocks("Loop", blocks)).toBe(ID);
    expect(partsOf(ID)).toEqual(["Loop", blocks]);
    expect(writeBlocks(blocks)).toEqual(LISTED);
    expect(readBlocks(JSON.stringify(LISTED))).toEqual(blocks);
  });

  it.each([[null], [3], ["no"], [{}], [[3]], [[{ name: "a" }]], [[{ name: 1, block: "b" }]]])(
    "are none in %j",
    (value) => {
      expect(readBlocks(value as Json)).toBeUndefined();
    },
  );

  it("leave other ids as they are", () => {
    for (const id of ["Loop", "my.Loop:inner", "Loop[", "Loop[x]"]) {
      expect(partsOf(id)).toEqual([id, undefined]);
    }
  });

  it("come from a file and go back into it", () => {
    const content = {
      prompt: {
        loop: { class_type: "Loop", inputs: { blocks: { __value__: LISTED }, steps: 3 } },
        odd: { class_type: "Loop", inputs: { blocks: "what?" } },
      },
    };
    const document = readFile(content as unknown as Json, CATALOGUE);
    expect(document.nodes["loop"]?.type).toBe(ID);
    expect(Object.keys(document.nodes["loop"]?.inputs ?? {})).toEqual(["steps"]);
    expect(document.nodes["odd"]?.type).toBe("Loop");
    const { prompt } = writeFile(document, CATALOGUE);
    expect(prompt["loop"]?.class_type).toBe("Loop");
    expect(prompt["loop"]?.inputs).toEqual(content.prompt.loop.inputs);
    expect(prompt["odd"]?.inputs).toEqual(content.prompt.odd.inputs);
  });

  it("can be chosen for loops and sequences", () => {
    expect(takesBlocks(type("Loop", "loop"))).toBe(true);
    expect(takesBlocks(type('BlockloomSequence[["a","A"]]', "sequential"))).toBe(true);
    expect(takesBlocks(type("Auto", "sequential"))).toBe(false);
    expect(takesBlocks(undefined)).toBe(false);
  });

  it("fit a loop that calls them with what they take", () => {
    const loop = type("Loop", "loop", { arguments: ["i", "t"] });
    const step = (names: readonly string[], takesAny = false): NodeType =>
      type("Step", "loop_step", { arguments: names, takes_any: takesAny });
    expect(mayStandInside(step(["i", "t"]), loop)).toBe(true);
    expect(mayStandInside(step(["i"]), loop)).toBe(false);
    expect(mayStandInside(step(["i"], true), loop)).toBe(true);
    expect(mayStandInside(step(["k"]), loop)).toBe(false);
    expect(mayStandInside(type("Leaf", "leaf"), loop)).toBe(false);
    const sequence = type("BlockloomSequence", "sequential");
    expect(mayStandInside(type("Leaf", "leaf"), sequence)).toBe(true);
    expect(mayStandInside(step(["i"]), sequence)).toBe(false);
    expect(mayStandInside(type("LoadImage", "function"), sequence)).toBe(false);
  });

  it("get names of their own", () => {
    expect(freshName("Bend Latents", [])).toBe("bend_latents");
    expect(freshName("Bend Latents", [{ name: "bend_latents", type: "A" }])).toBe("bend_latents_2");
  });
});

describe("a chain that becomes one node", () => {
  it("is read by all that read its nodes, and nothing else changes", () => {
    const document = chain();
    const made = toyNode("all", { type: "Encode", x: 0, y: 0 });
    const found = withCombined(document, ["denoise", "text"], made);
    expect(Object.keys(found.nodes)).toEqual(["load", "all", "decode", "save"]);
    expect(wiresIn(found)).toEqual([
      "all.pipeline -> decode.pipeline",
      "decode.images -> save.images",
    ]);
    expect(found.nodes["load"]).toBe(document.nodes["load"]);
    expect(found.nodes["save"]).toBe(document.nodes["save"]);
  });
});
