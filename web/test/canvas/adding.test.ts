import { describe, expect, it } from "vitest";
import { addLinked, addSupplier } from "../../src/canvas/addLinked";
import { insertWithRoom } from "../../src/canvas/insertDrag";
import { suppliersOf } from "../../src/canvas/suppliers";
import type { NodeType } from "../../src/catalogue/types";
import { addNode, disconnect } from "../../src/graph/edit";
import { socketOnCanvas } from "../../src/graph/frames";
import { makeNode } from "../../src/graph/model";
import { CATALOGUE, chain, draw, wiresIn } from "../graph/toys";

function typeOf(id: string): NodeType {
  const found = CATALOGUE.types.get(id);
  if (found === undefined) {
    throw new Error(id);
  }
  return found;
}

describe("addLinked", () => {
  it("adds a node with its best socket at the place, and links it", () => {
    const loose = { node: "decode", side: "out", socket: "images" } as const;
    const { document, ids } = addLinked(
      chain(),
      typeOf("Scale"),
      { x: 1500, y: 300 },
      loose,
      CATALOGUE,
    );
    expect(ids).toEqual(["scale"]);
    expect(wiresIn(document)).toContain("decode.images -> scale.image");
    const node = document.nodes["scale"] ?? makeNode("", "", 0, 0);
    const socket = socketOnCanvas(document, node, "in", "image", CATALOGUE);
    expect(Math.hypot(socket.x - 1500, socket.y - 300)).toBeLessThan(10);
  });

  it("links backwards from an input", () => {
    const loose = { node: "save", side: "in", socket: "images" } as const;
    const { document } = addLinked(chain(), typeOf("Scale"), { x: 0, y: 0 }, loose, CATALOGUE);
    expect(wiresIn(document)).toContain("scale.image -> save.images");
  });
});

describe("addSupplier", () => {
  it("puts a block before the one that lacks a value, into the main wire", () => {
    const lacking = draw({
      load: { type: "Load" },
      denoise: { type: "Denoise", x: 370, given: { pipeline: ["load", "pipeline"] } },
      decode: { type: "Decode", x: 740, given: { pipeline: ["denoise", "pipeline"] } },
    });
    const end = { node: "denoise", side: "in", socket: "prompt_embeds" } as const;
    const { document, ids } = addSupplier(lacking, typeOf("Encode"), end, CATALOGUE);
    expect(ids).toEqual(["encode"]);
    expect(wiresIn(document)).toEqual([
      "denoise.pipeline -> decode.pipeline",
      "encode.pipeline -> denoise.pipeline",
      "load.pipeline -> encode.pipeline",
    ]);
    expect(["load", "encode", "denoise", "decode"].map((id) => document.nodes[id]?.x)).toEqual([
      0, 370, 740, 1110,
    ]);
  });

  it("links a value to an input of a function", () => {
    const lacking = draw({ save: { type: "Save", x: 400 } });
    const end = { node: "save", side: "in", socket: "images" } as const;
    const { document } = addSupplier(lacking, typeOf("Decode"), end, CATALOGUE);
    expect(wiresIn(document)).toEqual(["decode.images -> save.images"]);
  });
});

describe("suppliersOf", () => {
  it("knows the node types that write a value of that name", () => {
    expect(suppliersOf(typeOf("Denoise"), "prompt_embeds", CATALOGUE).map(({ id }) => id)).toEqual([
      "Encode",
    ]);
  });
});

describe("insertWithRoom", () => {
  it("puts a node into a wire and moves on what comes after it", () => {
    const before = chain();
    const node = makeNode("show", "Join", 760, 40);
    const wire = { from: "denoise", output: "pipeline", to: "decode", input: "pipeline" };
    const document = insertWithRoom(addNode(before, node), "show", wire, CATALOGUE);
    expect(wiresIn(document)).toContain("show.pipeline -> decode.pipeline");
    expect(wiresIn(document)).toContain("denoise.pipeline -> show.pipeline");
    expect([document.nodes["decode"]?.x, document.nodes["save"]?.x]).toEqual([1130, 1500]);
    expect(document.nodes["denoise"]?.x).toBe(740);
  });

  it("leaves the document as it is where the node does not fit", () => {
    const document = addNode(chain(), makeNode("int", "Int", 760, 40));
    const wire = { from: "denoise", output: "pipeline", to: "decode", input: "pipeline" };
    expect(insertWithRoom(document, "int", wire, CATALOGUE)).toBe(document);
    expect(disconnect(document, "save", "nothing")).toBe(document);
  });
});
