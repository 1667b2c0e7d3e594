import { describe, expect, it } from "vitest";
import { connect } from "../../src/graph/edit";
import { bestInput, bestOutput } from "../../src/graph/fits";
import { insertFit, insertOnWire, insertReroute, joinOffer } from "../../src/graph/insert";
import type { GraphDocument, Wire } from "../../src/graph/model";
import { removeAndClose } from "../../src/graph/removal";
import { CATALOGUE, chain, draw, toyNode, wiresIn } from "./toys";

const type = (id: string) => CATALOGUE.types.get(id);
const MAIN: Wire = { from: "text", output: "pipeline", to: "denoise", input: "pipeline" };

describe("the best input", () => {
  it.each([
    ["Denoise", "PIPELINE", "pipeline", "pipeline"],
    ["Denoise", "TENSOR", "prompt_embeds", "prompt_embeds"],
    ["Denoise", "TENSOR", "something", "latents"],
    ["Denoise", "INT", "int", "steps"],
    ["Denoise", "SEED", "seed", "generator"],
    ["Save", "TENSOR", "latents", "images"],
    ["Show", "IMAGE", "image", "source"],
    ["Save", "STRING", "text", undefined],
    ["Show", "PIPELINE", "pipeline", undefined],
  ] as const)("of %s for %s named %s is %s", (node, source, name, wanted) => {
    expect(bestInput(type(node), { type: source, name }, CATALOGUE)?.name).toBe(wanted);
  });

  it("is a free one, though another fits better", () => {
    const source = { type: "PIPELINE", name: "pipeline" } as const;
    expect(bestInput(type("Join"), source, CATALOGUE, new Set(["pipeline"]))?.name).toBe("other");
    const taken = new Set(["pipeline", "other"]);
    expect(bestInput(type("Join"), source, CATALOGUE, taken)?.name).toBe("pipeline");
  });
});

describe("the best output", () => {
  it.each([
    ["Decode", "PIPELINE", "pipeline", "pipeline"],
    ["Decode", "IMAGE", "image", "images"],
    ["Denoise", "IMAGE", "images", "latents"],
    ["Decode", "ANY", "source", "images"],
    ["Save", "IMAGE", "images", undefined],
  ] as const)("of %s for %s named %s is %s", (node, target, name, wanted) => {
    expect(bestOutput(type(node), { type: target, name }, CATALOGUE)?.name).toBe(wanted);
  });
});

describe("a node on a wire", () => {
  it("comes between the two, on the main wire", () => {
    const node = toyNode("second", { type: "Denoise", x: 1, y: 2 });
    const document = insertOnWire(chain(), MAIN, node, CATALOGUE);
    expect(wiresIn(document)).toEqual([
      "decode.images -> save.images",
      "denoise.pipeline -> decode.pipeline",
      "load.pipeline -> text.pipeline",
      "second.pipeline -> denoise.pipeline",
      "text.pipeline -> second.pipeline",
    ]);
    expect(document.nodes["second"]?.x).toBe(1);
  });

  it("comes between values", () => {
    const wire = { from: "decode", output: "images", to: "save", input: "images" };
    const document = insertOnWire(chain(), wire, toyNode("s", { type: "Scale" }), CATALOGUE);
    expect(wiresIn(document)).toContain("decode.images -> s.image");
    expect(wiresIn(document)).toContain("s.image -> save.images");
  });

  it("is left alone where it does not fit, or is in use", () => {
    const document = chain();
    const scale = toyNode("s", { type: "Scale" });
    expect(insertOnWire(document, MAIN, scale, CATALOGUE)).toBe(document);
    const used = toyNode("d", { type: "Denoise", given: { pipeline: ["load", "pipeline"] } });
    expect(insertFit(document, MAIN, used, CATALOGUE)).toBeUndefined();
    const end = document.nodes["denoise"];
    expect(end && insertFit(document, MAIN, end, CATALOGUE)).toBeUndefined();
    const feeding: GraphDocument = {
      ...document,
      nodes: { ...document.nodes, other: toyNode("other", { type: "Decode" }) },
    };
    const branched = connect(feeding, {
      from: "other",
      output: "pipeline",
      to: "decode",
      input: "pipeline",
    });
    const other = branched.nodes["other"];
    expect(other && insertFit(branched, MAIN, other, CATALOGUE)).toBeUndefined();
  });

  it("never makes a circle", () => {
    const document = draw({
      a: { type: "Encode" },
      b: { type: "Denoise", given: { pipeline: ["a", "pipeline"] } },
      after: { type: "Denoise", given: { latents: ["b", "latents"] } },
    });
    const after = document.nodes["after"];
    const wire = { from: "a", output: "pipeline", to: "b", input: "pipeline" };
    expect(after && insertFit(document, wire, after, CATALOGUE)).toBeUndefined();
  });
});

it("puts a bend into a wire, its middle where it was asked for", () => {
  const { document, ids } = insertReroute(chain(), MAIN, { x: 700, y: 18 });
  expect(ids).toEqual(["reroute"]);
  expect(document.nodes["reroute"]).toMatchObject({ type: "Reroute", x: 691, y: 9 });
  expect(wiresIn(document)).toContain("reroute.value -> denoise.pipeline");
  expect(wiresIn(document)).toContain("text.pipeline -> reroute.value");
});

describe("a node beside a chain", () => {
  const beside = (x: number, y: number, kind: string): GraphDocument => {
    const document = draw({
      load: { type: "Load" },
      text: { type: "Encode", x: 370, given: { pipeline: ["load", "pipeline"] } },
    });
    return { ...document, nodes: { ...document.nodes, new: toyNode("new", { type: kind, x, y }) } };
  };

  it("is offered the end of the chain on its left", () => {
    expect(joinOffer(beside(740, 20, "Denoise"), "new", CATALOGUE, 140)).toEqual({
      from: "text",
      output: "pipeline",
      to: "new",
      input: "pipeline",
    });
  });

  it("is offered the start of a chain on its right", () => {
    const document = draw({
      new: { type: "Load", x: 0, y: 30 },
      text: { type: "Encode", x: 370, y: 0 },
    });
    expect(joinOffer(document, "new", CATALOGUE, 140)).toMatchObject({ from: "new", to: "text" });
  });

  it("is offered the value it needs where it has no main wire", () => {
    const document = draw({
      decode: { type: "Decode" },
      new: { type: "Save", x: 370, y: 0 },
    });
    expect(joinOffer(document, "new", CATALOGUE, 200)).toEqual({
      from: "decode",
      output: "images",
      to: "new",
      input: "images",
    });
  });

  it("is offered nothing far off, nothing that is linked, nothing that does not fit", () => {
    expect(joinOffer(beside(1200, 0, "Denoise"), "new", CATALOGUE, 140)).toBeUndefined();
    expect(joinOffer(chain(), "decode", CATALOGUE, 140)).toBeUndefined();
    expect(joinOffer(beside(740, 0, "Int"), "new", CATALOGUE, 140)).toBeUndefined();
  });
});

describe("delete and close the gap", () => {
  it("hands the main wire on", () => {
    expect(wiresIn(removeAndClose(chain(), new Set(["denoise"]), CATALOGUE))).toEqual([
      "decode.images -> save.images",
      "load.pipeline -> text.pipeline",
      "text.pipeline -> decode.pipeline",
    ]);
  });

  it("does so over several nodes", () => {
    expect(wiresIn(removeAndClose(chain(), new Set(["denoise", "text"]), CATALOGUE))).toEqual([
      "decode.images -> save.images",
      "load.pipeline -> decode.pipeline",
    ]);
  });

  it("hands values of the same type on, and drops the others", () => {
    const document = draw({
      decode: { type: "Decode" },
      scale: { type: "Scale", given: { image: ["decode", "images"], width: ["n", "int"] } },
      n: { type: "Int" },
      save: { type: "Save", given: { images: ["scale", "image"] } },
    });
    expect(wiresIn(removeAndClose(document, new Set(["scale"]), CATALOGUE))).toEqual([
      "decode.images -> save.images",
    ]);
    expect(wiresIn(removeAndClose(document, new Set(["decode"]), CATALOGUE))).toEqual([
      "n.int -> scale.width",
      "scale.image -> save.images",
    ]);
  });

  it("straightens a bend out", () => {
    const { document } = insertReroute(chain(), MAIN, { x: 0, y: 0 });
    expect(removeAndClose(document, new Set(["reroute"]), CATALOGUE)).toEqual(chain());
  });

  it("ends with circles, too", () => {
    const circle = draw({
      a: { type: "Denoise", given: { pipeline: ["b", "pipeline"] } },
      b: { type: "Denoise", given: { pipeline: ["a", "pipeline"] } },
      c: { type: "Decode", given: { pipeline: ["b", "pipeline"] } },
    });
    expect(wiresIn(removeAndClose(circle, new Set(["a", "b"]), CATALOGUE))).toEqual([]);
  });
});
