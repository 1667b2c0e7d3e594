/** The graph that a picture carries: PNG text chunks, read in the browser. */

import { isObject } from "./file";
import type { Json, JsonObject } from "./model";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const LARGEST_TEXT = 64 * 1024 * 1024;

export interface PictureGraph {
  /** The content of a graph file. */
  readonly content: Json;
  readonly seed: number | null;
  /** Where ComfyUI saved the picture: its editor's file, which has the places of the nodes. */
  readonly workflow?: JsonObject;
}

/**
 * The graph inside a PNG, with the seed it ran with; undefined where there is none.
 *
 * ``prompt`` has the nodes, as ComfyUI writes them too; ``blockloom`` the seed, groups and notes.
 */
export async function graphInPng(content: ArrayBuffer): Promise<PictureGraph | undefined> {
  const texts = new Map<string, string>();
  for (const chunk of chunksOf(new DataView(content))) {
    const found = await readText(chunk);
    if (found !== undefined) {
      texts.set(found.keyword, found.text);
    }
  }
  const prompt = parsed(texts.get("prompt"));
  if (prompt === undefined) {
    return undefined;
  }
  const about = parsed(texts.get("blockloom")) ?? {};
  const { seed, extra } = about;
  const workflow = hasPlaces(prompt) ? undefined : parsed(texts.get("workflow"));
  return {
    content: { prompt, extra: isObject(extra) ? extra : {} },
    seed: typeof seed === "number" && Number.isSafeInteger(seed) ? seed : null,
    ...(workflow === undefined ? {} : { workflow }),
  };
}

function hasPlaces(prompt: JsonObject): boolean {
  return Object.values(prompt).some(
    (node) => isObject(node) && isObject(node["_meta"]) && "position" in node["_meta"],
  );
}

function parsed(text: string | undefined): JsonObject | undefined {
  try {
    const found = text === undefined ? undefined : (JSON.parse(text) as Json);
    return isObject(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

function* chunksOf(view: DataView): Generator<Chunk> {
  if (view.byteLength < 8 || SIGNATURE.some((byte, index) => view.getUint8(index) !== byte)) {
    return;
  }
  let at = SIGNATURE.length;
  while (at + 12 <= view.byteLength) {
    const length = view.getUint32(at);
    if (at + 12 + length > view.byteLength) {
      return;
    }
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 4, 4 + length);
    const type = String.fromCodePoint(...bytes.subarray(0, 4));
    if (type === "IEND") {
      return;
    }
    yield { type, data: bytes.subarray(4) };
    at += 12 + length;
  }
}

interface Text {
  readonly keyword: string;
  readonly text: string;
}

async function readText({ type, data }: Chunk): Promise<Text | undefined> {
  if (!["tEXt", "iTXt", "zTXt"].includes(type) || data.length > LARGEST_TEXT) {
    return undefined;
  }
  const end = data.indexOf(0);
  if (end < 1) {
    return undefined;
  }
  const keyword = new TextDecoder("latin1").decode(data.subarray(0, end));
  const rest = data.subarray(end + 1);
  if (type === "tEXt") {
    return { keyword, text: new TextDecoder("latin1").decode(rest) };
  }
  if (type === "zTXt") {
    return { keyword, text: new TextDecoder("latin1").decode(await inflate(rest.subarray(1))) };
  }
  return readInternational(keyword, rest);
}

/** iTXt: compressed?, method, language, translated keyword, text in UTF-8. */
async function readInternational(keyword: string, rest: Uint8Array): Promise<Text | undefined> {
  const isCompressed = rest[0] === 1;
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) {
    return undefined;
  }
  const body = rest.subarray(translated + 1);
  return { keyword, text: new TextDecoder().decode(isCompressed ? await inflate(body) : body) };
}

async function inflate(data: Uint8Array): Promise<ArrayBuffer> {
  const stream = new Blob([data.slice()]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
