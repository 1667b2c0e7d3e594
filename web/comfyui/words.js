/** Values in words, in the language chosen: the same words as in Blockloom's own editor. */

import { language, t } from "./texts.js";

/**
 * A value in a few words: ``1×4×16×16 float32``, ``3 pictures, 512×512``, the text itself.
 * @param {ValueSummary} summary
 * @returns {string}
 */
export function summaryText(summary) {
  switch (summary.kind) {
    case "none":
      return t("value.none");
    case "boolean":
      return t(summary.value === true ? "value.yes" : "value.no");
    case "number":
      return typeof summary.value === "number" ? numberText(summary.value) : summary.text;
    case "text":
      return typeof summary.value === "string" ? summary.value : summary.text;
    case "tensor":
    case "array":
      return tensorText(summary);
    case "image":
      return pictureText(summary);
    case "images":
      return picturesText(summary);
    case "generator":
      return seedText(summary);
    case "list":
    case "dict":
      return listText(summary);
    default:
      return summary.text;
  }
}

/**
 * @param {readonly number[]} shape
 * @returns {string}
 */
export function shapeText(shape) {
  return shape.length === 0 ? "1" : shape.join("×");
}

/** @param {ValueSummary} summary */
function tensorText({ shape, dtype, device }) {
  const place = device === undefined || device === "" || device === "cpu" ? "" : ` ${device}`;
  return `${shapeText(shape ?? [])} ${dtype ?? ""}${place}`.trim();
}

/** @param {ValueSummary} summary */
function pictureText({ shape, details }) {
  const [height = 0, width = 0] = shape ?? [];
  const mode = details?.["mode"];
  return `${width}×${height}${typeof mode === "string" ? ` ${mode}` : ""}`;
}

/** @param {ValueSummary} summary */
function picturesText(summary) {
  const count = pictureCount(summary);
  const first = summary.items?.find(({ kind }) => kind === "image");
  const size = first === undefined ? "" : `, ${pictureText(first)}`;
  return `${t(count === 1 ? "value.onePicture" : "value.pictures", { count })}${size}`;
}

/**
 * @param {ValueSummary} summary
 * @returns {number}
 */
export function pictureCount({ kind, items, left_out: left }) {
  return kind === "images" ? (items?.length ?? 0) + (left ?? 0) : 1;
}

/** @param {ValueSummary} summary */
function seedText({ details }) {
  const seed = String(details?.["seed"] ?? "");
  return t(details?.["has_moved"] === true ? "value.usedSeed" : "value.seed", { seed });
}

const SHORT_LIST = 6;

/** @param {ValueSummary} summary */
function listText(summary) {
  const items = summary.items ?? [];
  const count = items.length + (summary.left_out ?? 0);
  if (count === 0) {
    return t("value.empty");
  }
  if (summary.kind === "dict") {
    return t(count === 1 ? "value.oneEntry" : "value.entries", { count });
  }
  const isShort = count <= SHORT_LIST && items.length === count && items.every(isShortItem);
  return isShort
    ? items.map(summaryText).join(", ")
    : t(count === 1 ? "value.oneItem" : "value.items", { count });
}

/** @param {ValueSummary} item */
function isShortItem({ kind, value }) {
  return kind === "number" || kind === "boolean" || (kind === "text" && String(value).length < 16);
}

/**
 * A number as people write it here, with no more digits than it has.
 * @param {number} value
 * @returns {string}
 */
export function numberText(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12)) {
    return value.toExponential(4);
  }
  const options = { maximumSignificantDigits: 8, useGrouping: size >= 1e5 };
  return value.toLocaleString(language(), options);
}

/**
 * A measured number, in four digits.
 * @param {number | null} value
 * @returns {string}
 */
export function roughNumber(value) {
  if (value === null) {
    return "–";
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    return value.toExponential(2);
  }
  return value.toLocaleString(language(), { maximumSignificantDigits: 4 });
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/**
 * @param {number} bytes
 * @returns {string}
 */
export function bytesText(bytes) {
  let [at, left] = [0, bytes];
  while (left >= 1024 && at < UNITS.length - 1) {
    left /= 1024;
    at += 1;
  }
  const digits = at === 0 || left >= 100 ? 0 : 1;
  return `${left.toLocaleString(language(), { maximumFractionDigits: digits })} ${UNITS[at] ?? ""}`;
}

/**
 * @param {number} share
 * @returns {string}
 */
export function percentText(share) {
  return share.toLocaleString(language(), { style: "percent", maximumFractionDigits: 1 });
}

/**
 * How long something took: ``36 ms``, ``1.2 s``.
 * @param {number} seconds
 * @returns {string}
 */
export function secondsText(seconds) {
  const isShort = seconds < 0.9995;
  const number = isShort ? Math.round(seconds * 1000) : Math.round(seconds * 10) / 10;
  return `${number.toLocaleString(language())} ${isShort ? "ms" : "s"}`;
}
