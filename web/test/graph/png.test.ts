import { execFileSync } from "node:child_process";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { graphInPng } from "../../src/graph/png";

const PROMPT = { a: { class_type: "LoadImage", inputs: { image: "Straße.png" } } };
const ABOUT = { version: 1, seed: 7, node: "a", extra: { notes: [] } };

function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

function png(...chunks: readonly Buffer[]): ArrayBuffer {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const all = Buffer.concat([signature, ...chunks, chunk("IEND", new Uint8Array())]);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.length) as ArrayBuffer;
}

function latin(keyword: string, text: string): Buffer {
  return chunk("tEXt", Buffer.from(`${keyword}\0${text}`, "latin1"));
}

const ASCII = JSON.stringify(PROMPT).replace("ß", String.raw`\u00df`);

describe("the graph inside a PNG", () => {
  it("is read with its seed and what is drawn beside the nodes", async () => {
    const found = await graphInPng(
      png(latin("prompt", ASCII), latin("blockloom", JSON.stringify(ABOUT))),
    );
    expect(found).toEqual({ content: { prompt: PROMPT, extra: { notes: [] } }, seed: 7 });
  });

  it("is read from a picture that ComfyUI saved, with the file of its editor", async () => {
    const found = await graphInPng(png(latin("prompt", ASCII), latin("workflow", "{}")));
    expect(found).toEqual({ content: { prompt: PROMPT, extra: {} }, seed: null, workflow: {} });
  });

  it("is read from compressed and from UTF-8 text", async () => {
    const packed = deflateSync(Buffer.from(ASCII, "latin1"));
    const zipped = chunk("zTXt", Buffer.concat([Buffer.from("prompt\0\0"), packed]));
    expect((await graphInPng(png(zipped)))?.content).toEqual({ prompt: PROMPT, extra: {} });
    const text = Buffer.from(JSON.stringify(PROMPT), "utf-8");
    const plain = chunk("iTXt", Buffer.concat([Buffer.from("prompt\0\0\0\0\0"), text]));
    expect((await graphInPng(png(plain)))?.content).toEqual({ prompt: PROMPT, extra: {} });
  });

  it.each([
    ["a picture without one", png(latin("Title", "x"))],
    ["text that is no graph", png(latin("prompt", "a cat"))],
    ["no PNG", new Uint8Array([1, 2, 3]).buffer],
    ["a chunk that claims to be longer than the file", png(latin("prompt", ASCII)).slice(0, 40)],
  ])("is not found in %s", async (_, content) => {
    expect(await graphInPng(content)).toBeUndefined();
  });
});

it("reads what Python writes", { timeout: 30_000 }, async () => {
  const script = [
    "import io, json, sys, PIL.Image",
    "from blockloom.export.png import png_metadata",
    "graph = json.loads(sys.argv[1])",
    "out = io.BytesIO()",
    "info = png_metadata({'prompt': graph, 'extra': {'notes': []}}, 7, 'a')",
    "PIL.Image.new('RGB', (2, 2)).save(out, 'PNG', pnginfo=info)",
    "sys.stdout.buffer.write(out.getvalue())",
  ].join("\n");
  const args = ["-c", script, JSON.stringify(PROMPT)];
  const written = execFileSync("../.venv/bin/python", args);
  const content = new Uint8Array(written).buffer;
  expect(await graphInPng(content)).toEqual({
    content: { prompt: PROMPT, extra: { notes: [] } },
    seed: 7,
  });
});
