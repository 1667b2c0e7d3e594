import { describe, expect, it } from "vitest";
import type { WireEnd } from "../../src/canvas/ends";
import { bestEndOf, endKey, fittingEnds, judge, nearestEnd } from "../../src/canvas/ends";
import { linkChoices } from "../../src/canvas/linkChoices";
import { socketOnCanvas } from "../../src/graph/frames";
import { CATALOGUE, chain, draw } from "../graph/toys";

const EMBEDS: WireEnd = { node: "text", side: "out", socket: "prompt_embeds" };

describe("fittingEnds", () => {
  it("has every input of a type that fits, folded ones too, and none upstream", () => {
    expect(fittingEnds(chain(), EMBEDS, CATALOGUE)).toEqual(
      new Set(["in latents denoise", "in prompt_embeds denoise", "in images save"]),
    );
  });

  it("has outputs for an input, and none that comes after it", () => {
    const end: WireEnd = { node: "denoise", side: "in", socket: "prompt_embeds" };
    expect(fittingEnds(chain(), end, CATALOGUE)).toEqual(new Set(["out prompt_embeds text"]));
  });

  it("is empty for a socket that is not there", () => {
    expect(fittingEnds(chain(), { ...EMBEDS, socket: "nothing" }, CATALOGUE).size).toBe(0);
  });
});

describe("judge", () => {
  it("says why two ends cannot be linked", () => {
    const steps: WireEnd = { node: "denoise", side: "in", socket: "steps" };
    expect(judge(chain(), EMBEDS, steps, CATALOGUE)).toEqual({
      end: steps,
      wire: { from: "text", output: "prompt_embeds", to: "denoise", input: "steps" },
      validity: { isValid: false, reason: "wire.doesNotFit", source: "TENSOR", target: "INT" },
    });
  });

  it("refuses to link two outputs", () => {
    const other: WireEnd = { node: "decode", side: "out", socket: "images" };
    expect(judge(chain(), EMBEDS, other, CATALOGUE).validity).toMatchObject({
      reason: "wire.bothOutputs",
    });
  });
});

describe("nearestEnd", () => {
  const document = chain();
  const place = (node: string, side: "in" | "out", socket: string): { x: number; y: number } => {
    const found = document.nodes[node];
    if (found === undefined) {
      throw new Error(node);
    }
    return socketOnCanvas(document, found, side, socket, CATALOGUE);
  };

  it("finds the socket that is meant within reach, and none beyond", () => {
    const { x, y } = place("save", "in", "images");
    const near = { x: x - 10, y: y + 5 };
    expect(nearestEnd(document, near, 26, CATALOGUE, new Set())).toEqual({
      node: "save",
      side: "in",
      socket: "images",
    });
    expect(nearestEnd(document, { x: x - 45, y }, 26, CATALOGUE, new Set())).toBeUndefined();
  });

  it("prefers one that fits to a nearer one that does not", () => {
    const { x, y } = place("denoise", "in", "generator");
    const fitting = new Set([endKey({ node: "denoise", side: "in", socket: "steps" })]);
    const between = { x, y: y + 11 };
    expect(nearestEnd(document, between, 26, CATALOGUE, fitting)?.socket).toBe("steps");
    expect(nearestEnd(document, between, 26, CATALOGUE, new Set())?.socket).toBe("generator");
  });
});

describe("bestEndOf", () => {
  it("takes the free input of the same name on the body of a node", () => {
    expect(bestEndOf(chain(), EMBEDS, "denoise", CATALOGUE)?.socket).toBe("prompt_embeds");
  });

  it("finds nothing on the node itself, or where nothing fits", () => {
    expect(bestEndOf(chain(), EMBEDS, "text", CATALOGUE)).toBeUndefined();
    expect(bestEndOf(chain(), EMBEDS, "load", CATALOGUE)).toBeUndefined();
  });
});

describe("linkChoices", () => {
  it("lists what fits, the likeliest first, and then what does not with its reason", () => {
    const found = linkChoices(chain(), EMBEDS, "", CATALOGUE);
    expect(found.slice(0, 3).map(({ node, socket, refusal }) => [node, socket, refusal])).toEqual([
      ["Denoise", "prompt_embeds", ""],
      ["Denoise", "latents", ""],
      ["Save", "images", ""],
    ]);
    expect(found.find(({ socket }) => socket === "steps")?.refusal).toBe(
      "Tensor does not fit whole number.",
    );
    expect(found.find(({ socket }) => socket === "model")?.refusal).toContain("circle");
  });

  it("keeps to what was typed, in sockets and nodes", () => {
    const found = linkChoices(chain(), EMBEDS, "lat deno", CATALOGUE);
    expect(found.map(({ socket }) => socket)).toEqual(["latents"]);
  });

  it("offers a bend, and nothing on the node itself", () => {
    const document = draw({
      text: { type: "Text" },
      bend: { type: "Reroute", x: 400 },
    });
    const end: WireEnd = { node: "text", side: "out", socket: "string" };
    expect(linkChoices(document, end, "", CATALOGUE).map(({ end: found }) => found)).toEqual([
      { node: "bend", side: "in", socket: "value" },
    ]);
  });
});
