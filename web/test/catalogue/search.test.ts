import { describe, expect, it } from "vitest";
import { makeCatalogue } from "../../src/catalogue/catalogue";
import { fittingSocket, makeIndex, searchTypes } from "../../src/catalogue/search";
import type { NodeType } from "../../src/catalogue/types";
import { isTypo, wordsOf } from "../../src/catalogue/words";

function nodeType(id: string, title: string, rest: Partial<NodeType> = {}): NodeType {
  return { id, title, category: ["image"], kind: "leaf", ...rest };
}

const TYPES: readonly NodeType[] = [
  nodeType("SaveImage", "Save Image", { kind: "function", description: "Keep pictures as PNG." }),
  nodeType("PreviewImage", "Preview Image", { kind: "function" }),
  nodeType("ImageScale", "Upscale Image", {
    kind: "function",
    inputs: [
      { name: "image", type: "IMAGE" },
      { name: "upscale_method", type: "STRING" },
    ],
    outputs: [{ name: "IMAGE", type: "IMAGE" }],
  }),
  nodeType("StableDiffusionXLTextEncoderStep", "Text Encoder", {
    family: "stable-diffusion-xl",
    category: ["Stable Diffusion XL", "Text Encoder"],
    inputs: [
      { name: "pipeline", type: "PIPELINE" },
      { name: "prompt", type: "STRING" },
    ],
    outputs: [
      { name: "pipeline", type: "PIPELINE" },
      { name: "prompt_embeds", type: "TENSOR" },
    ],
  }),
  nodeType("FluxTextEncoderStep", "Text Encoder", {
    family: "flux",
    category: ["Flux", "Text Encoder"],
  }),
  nodeType("WanVaeDecoderStep", "VAE Decoder", { family: "wan", category: ["Wan", "Decode"] }),
  nodeType("FluxLoopDenoiser", "Denoiser", { family: "flux", kind: "loop_step" }),
  nodeType("FluxDenoiseStep", "Denoise", { family: "flux", kind: "loop" }),
];

const CATALOGUE = makeCatalogue({
  version: "",
  diffusers: "",
  node_types: TYPES,
  pipelines: [],
  accepts: { IMAGE: ["MASK"] },
  problems: [],
});
const INDEX = makeIndex(CATALOGUE);

function ids(text: string): string[] {
  return searchTypes(INDEX, text).map(({ type }) => type.id);
}

describe("searchTypes", () => {
  it("lists everything but loop steps by title where nothing is typed", () => {
    expect(ids("")).toEqual([
      "FluxDenoiseStep",
      "PreviewImage",
      "SaveImage",
      "FluxTextEncoderStep",
      "StableDiffusionXLTextEncoderStep",
      "ImageScale",
      "WanVaeDecoderStep",
    ]);
  });

  it("puts beginnings of titles first, then beginnings of their words", () => {
    expect(ids("image").slice(0, 2)).toEqual(["PreviewImage", "SaveImage"]);
    expect(ids("sav")[0]).toBe("SaveImage");
    expect(ids("ima sca")[0]).toBe("ImageScale");
  });

  it("wants every typed word, wherever it stands", () => {
    expect(ids("flux text")).toEqual(["FluxTextEncoderStep"]);
    expect(ids("flux image")).toEqual(["FluxDenoiseStep"]);
    expect(ids("text nowhere")).toEqual([]);
  });

  it("finds by initials", () => {
    expect(ids("te").slice(0, 2)).toEqual([
      "FluxTextEncoderStep",
      "StableDiffusionXLTextEncoderStep",
    ]);
    expect(ids("sdxte")[0]).toBe("StableDiffusionXLTextEncoderStep");
  });

  it("finds by socket, description and category", () => {
    expect(ids("prompt_embeds")).toEqual(["StableDiffusionXLTextEncoderStep"]);
    expect(ids("upscale_method")).toEqual(["ImageScale"]);
    expect(ids("png")).toEqual(["SaveImage"]);
    expect(ids("decode wan")).toEqual(["WanVaeDecoderStep"]);
  });

  it("forgives a slip in a name", () => {
    expect(ids("preveiw")).toEqual(["PreviewImage"]);
    expect(ids("encodr flux")).toEqual(["FluxTextEncoderStep"]);
    expect(ids("difusion")).toEqual(["StableDiffusionXLTextEncoderStep"]);
  });

  it("keeps the steps of loops for those who name them", () => {
    expect(ids("denois")).toEqual(["FluxDenoiseStep"]);
    expect(ids("Denoiser")).toContain("FluxLoopDenoiser");
    expect(ids("fluxloopdenoiser")).toEqual(["FluxLoopDenoiser"]);
  });

  it("answers the same every time", () => {
    expect(ids("e")).toEqual(ids("e"));
  });
});

describe("fittingSocket", () => {
  const scale = TYPES[2] as NodeType;
  const encoder = TYPES[3] as NodeType;

  it("finds the socket that a loose link would end in", () => {
    const { accepts } = CATALOGUE;
    expect(fittingSocket(scale, { side: "in", type: "IMAGE" }, accepts)).toBe("image");
    expect(fittingSocket(scale, { side: "in", type: "MASK" }, accepts)).toBe("image");
    expect(fittingSocket(scale, { side: "out", type: "IMAGE" }, accepts)).toBe("IMAGE");
    expect(fittingSocket(scale, { side: "in", type: "PIPELINE" }, accepts)).toBeUndefined();
    expect(fittingSocket(encoder, { side: "out", type: "PIPELINE" }, accepts)).toBe("pipeline");
  });
});

describe("words", () => {
  it("takes names apart", () => {
    expect(wordsOf("StableDiffusionXLVAEDecode prompt_embeds 2.1")).toEqual([
      "stable",
      "diffusion",
      "xlvae",
      "decode",
      "prompt",
      "embeds",
      "2",
      "1",
    ]);
  });

  it("knows a slip from another word", () => {
    expect(isTypo("encoder", "enocder")).toBe(true);
    expect(isTypo("encoder", "encodr")).toBe(true);
    expect(isTypo("scheduler", "schedlur")).toBe(true);
    expect(isTypo("decode", "denoise")).toBe(false);
    expect(isTypo("mask", "task")).toBe(false);
  });
});
