import { describe, expect, it } from "vitest";
import { graphFileIn, graphFileOf, graphFileOfPicture } from "../../comfyui/graph_file.js";
import { pngTexts } from "../../comfyui/png.js";

const NODE = { class_type: "Block", inputs: { pipeline: ["model", "pipeline"] } };

describe("graphFileIn", () => {
  it("knows Blockloom's files by their prompt", () => {
    const file = { prompt: { text: NODE }, extra: { groups: [] } };
    expect(graphFileIn(JSON.stringify(file))).toEqual(file);
  });

  it("knows bare prompts by their named links or their places", () => {
    expect(graphFileIn(JSON.stringify({ text: NODE }))).toEqual({ prompt: { text: NODE } });
    const placed = { class_type: "Block", inputs: {}, _meta: { position: [0, 3] } };
    expect(graphFileIn(JSON.stringify({ text: placed }))?.prompt).toEqual({ text: placed });
  });

  it.each([
    ["a workflow", { nodes: [], links: [], version: 0.4 }],
    ["an API file of ComfyUI", { 3: { class_type: "KSampler", inputs: { model: ["4", 0] } } }],
    ["templates", { templates: [] }],
    ["nothing", {}],
    ["a list", []],
    ["a text", "prompt"],
  ])("leaves %s to ComfyUI", (_, content) => {
    expect(graphFileIn(JSON.stringify(content))).toBeUndefined();
  });

  it("leaves what is no JSON to ComfyUI", () => {
    expect(graphFileIn("{")).toBeUndefined();
  });
});

describe("graphFileOf", () => {
  it("knows an example that was read already, and leaves workflows alone", () => {
    const file = { prompt: { text: NODE } };
    expect(graphFileOf(file)).toBe(file);
    expect(graphFileOf({ nodes: [], links: [] })).toBeUndefined();
    expect(graphFileOf(undefined)).toBeUndefined();
  });
});

describe("graphFileOfPicture", () => {
  const chunks = {
    prompt: JSON.stringify({ text: NODE }),
    blockloom: JSON.stringify({ version: 1, extra: { notes: [1] } }),
  };

  it("has the graph with its groups and notes", () => {
    expect(graphFileOfPicture(chunks)).toEqual({ prompt: { text: NODE }, extra: { notes: [1] } });
  });

  it("has the seed that the picture was made with", () => {
    const blockloom = JSON.stringify({ version: 1, seed: 7, extra: { seed: 3 } });
    expect(graphFileOfPicture({ ...chunks, blockloom })?.extra).toEqual({ seed: 7 });
    const none = JSON.stringify({ version: 1, seed: null, extra: null });
    expect(graphFileOfPicture({ ...chunks, blockloom: none })?.extra).toEqual({});
  });

  it("leaves pictures of ComfyUI to it", () => {
    expect(graphFileOfPicture({ ...chunks, workflow: "{}" })).toBeUndefined();
    expect(graphFileOfPicture({ prompt: chunks.prompt })).toBeUndefined();
    expect(graphFileOfPicture({})).toBeUndefined();
  });
});

describe("pngTexts", () => {
  const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

  function png(...chunks: readonly [string, readonly number[]][]): ArrayBuffer {
    const bytes = chunks.flatMap(([kind, data]) => {
      const length = [24, 16, 8, 0].map((shift) => (data.length >> shift) & 255);
      return [...length, ...latin(kind), ...data, 0, 0, 0, 0];
    });
    return Uint8Array.from([...SIGNATURE, ...bytes]).buffer;
  }

  function latin(text: string): number[] {
    return [...text].map((letter) => letter.charCodeAt(0));
  }

  function utf8(text: string): number[] {
    return [...new TextEncoder().encode(text)];
  }

  it("has plain and international texts before the pixels", async () => {
    const file = png(
      ["IHDR", [1, 2, 3]],
      ["tEXt", latin("prompt\0{}")],
      ["iTXt", [...latin("blockloom\0\0\0de\0x\0"), ...utf8("„ja“")]],
      ["IDAT", [0]],
      ["tEXt", latin("late\0no")],
    );
    expect(await pngTexts(file)).toEqual({ prompt: "{}", blockloom: "„ja“" });
  });

  it("reads packed texts", async () => {
    const packed = new Response(
      new Blob(["long"]).stream().pipeThrough(new CompressionStream("deflate")),
    );
    const data = [...new Uint8Array(await packed.arrayBuffer())];
    const file = png(["zTXt", [...latin("prompt\0\0"), ...data]]);
    expect(await pngTexts(file)).toEqual({ prompt: "long" });
  });

  it("has nothing of other files, and survives broken ones", async () => {
    expect(await pngTexts(Uint8Array.from([1, 2, 3]).buffer)).toEqual({});
    const cut = png(["tEXt", latin("prompt\0{}")]).slice(0, 14);
    expect(await pngTexts(cut)).toEqual({});
  });
});
