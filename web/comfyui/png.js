/** The texts that PNG files carry beside their pixels. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Texts by their names; {} where it is no PNG, or carries none.
 * @param {ArrayBuffer} buffer
 * @returns {Promise<Record<string, string>>}
 */
export async function pngTexts(buffer) {
  const bytes = new Uint8Array(buffer);
  /** @type {Record<string, string>} */
  const texts = {};
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte)) {
    return texts;
  }
  const view = new DataView(buffer);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const kind = latin(bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    const found = await textOf(kind, data);
    if (found !== undefined) {
      texts[found[0]] = found[1];
    }
    at += length + 12;
    if (kind === "IDAT" || kind === "IEND") {
      // Ours stand before the pixels, as those of ComfyUI do.
      break;
    }
  }
  return texts;
}

/**
 * @param {string} kind
 * @param {Uint8Array<ArrayBuffer>} data
 * @returns {Promise<[string, string] | undefined>}
 */
async function textOf(kind, data) {
  if (!["tEXt", "zTXt", "iTXt"].includes(kind)) {
    return undefined;
  }
  const end = data.indexOf(0);
  const name = latin(data.subarray(0, end));
  const rest = data.subarray(end + 1);
  if (kind === "tEXt") {
    return [name, latin(rest)];
  }
  if (kind === "zTXt") {
    return [name, latin(await inflated(rest.subarray(1)))];
  }
  const language = rest.indexOf(0, 2);
  const words = rest.subarray(rest.indexOf(0, language + 1) + 1);
  return [name, new TextDecoder().decode(rest[0] === 1 ? await inflated(words) : words)];
}

/** @param {Uint8Array} bytes */
function latin(bytes) {
  // Browsers read "latin1" as Windows-1252, which differs where JSON has nothing.
  return new TextDecoder("latin1").decode(bytes);
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
