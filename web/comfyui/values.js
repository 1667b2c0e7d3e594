/** Choosing values: which are worth a picture, which come first, how they can be taken along. */

/**
 * Whether there is a picture to make of a value at all.
 * @param {ValueSummary} summary
 */
export function isDrawable({ kind, shape }) {
  if (isPicture(kind) || kind === "video" || kind === "audio") {
    return true;
  }
  return isNumbers(kind) && shape !== undefined && shape.length >= 2 && !shape.includes(0);
}

/**
 * Whether its numbers can be counted and downloaded as an array.
 * @param {ValueSummary} summary
 */
export function isNumeric({ kind, shape }) {
  return isNumbers(kind) && shape !== undefined && !shape.includes(0);
}

/** @param {string} kind */
export function isPicture(kind) {
  return kind === "image" || kind === "images";
}

/** @param {string} kind */
function isNumbers(kind) {
  return kind === "tensor" || kind === "array";
}

/**
 * What a node wrote, its main value first and what is none last; else in the order of writing.
 * @template {KnownValue} T
 * @param {readonly T[]} written
 * @returns {T[]}
 */
export function inOrderOfReading(written) {
  const main = bestOf(written);
  /** @param {T} value */
  const place = (value) => (value === main ? 0 : value.value?.kind === "none" ? 2 : 1);
  return written.toSorted((a, b) => place(a) - place(b));
}

/**
 * The value that is worth a picture most: pictures, then latents, then other pictures of numbers.
 * @template {KnownValue} T
 * @param {readonly T[]} values
 * @returns {T | undefined}
 */
export function bestOf(values) {
  let [best, bestRank] = [/** @type {T | undefined} */ (undefined), 0];
  for (const value of values) {
    const rank = value.value === null ? 0 : rankOf(value.name, value.value);
    if (rank > bestRank) {
      [best, bestRank] = [value, rank];
    }
  }
  return best;
}

/**
 * @param {string} name
 * @param {ValueSummary} summary
 */
function rankOf(name, { kind, shape }) {
  if (kind === "video") {
    return 6;
  }
  if (isPicture(kind)) {
    return 5;
  }
  if (kind === "audio") {
    return 4;
  }
  if (!isNumbers(kind) || shape === undefined || shape.includes(0)) {
    return 0;
  }
  return shape.length < 4 ? (isPictureShape(shape) ? 2 : 0) : name === "latents" ? 4 : 3;
}

/**
 * Three or four bands of many rows and columns; one band could be anything.
 * @param {readonly number[]} shape
 */
function isPictureShape([a = 0, b = 0, c = 0, ...more]) {
  /** @param {number} count */
  const isBands = (count) => count === 3 || count === 4;
  return (
    more.length === 0 && ((isBands(a) && Math.min(b, c) > 4) || (isBands(c) && Math.min(a, b) > 4))
  );
}

/**
 * Whether a value is what the node would have used anyway.
 * @param {ReadValue} value
 */
export function isAtDefault(value) {
  return value.came_from === "default";
}

/**
 * How a value can be played: a film, a sound, or not at all.
 * @param {ValueSummary} summary
 * @returns {"mp4" | "webm" | "wav" | undefined}
 */
export function playedAs({ details }) {
  const film = /** @type {Record<string, number> | undefined} */ (details?.["film"] ?? undefined);
  if (film !== undefined && (film["frames"] ?? 0) > 1) {
    // MP4 has no room for odd numbers of pixels.
    return (film["width"] ?? 0) % 2 === 0 && (film["height"] ?? 0) % 2 === 0 ? "mp4" : "webm";
  }
  const sound = /** @type {Record<string, number> | undefined} */ (details?.["sound"] ?? undefined);
  return typeof sound?.["rate"] === "number" ? "wav" : undefined;
}

/**
 * The forms a value can be downloaded in.
 * @param {ValueSummary} summary
 * @returns {string[]}
 */
export function formsOf(summary) {
  const played = playedAs(summary);
  return [
    ...(isDrawable(summary) ? ["png"] : []),
    ...(played === undefined ? [] : [played]),
    ...(isNumeric(summary) ? ["npy"] : []),
    ...(summary.kind === "tensor" ? ["safetensors"] : []),
  ];
}

/**
 * The values that fit all words of the filter: by name, type, node or bundle.
 * @param {readonly StateValue[]} values
 * @param {string} filter
 * @param {(writer: string) => string} titleOf
 * @returns {StateValue[]}
 */
export function fittingValues(values, filter, titleOf) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return values.filter((value) => {
    const about = value.value === null ? "" : `${value.value.type} ${value.value.text}`;
    const text = `${value.name} ${titleOf(value.writer)} ${value.bundles.join(" ")} ${about}`;
    return words.every((word) => text.toLowerCase().includes(word));
  });
}
