/** Values in words, in the language of the page. */

import type { FilmFacts } from "../../media/kinds";
import { filmOf, soundOf } from "../../media/kinds";
import type { ValueSummary } from "../../protocol/blockStates";
import { useInterface } from "../../stores/interface";
import type { Translate } from "../../texts/texts";

/** A value in a few words: ``1×4×16×16 float32``, ``3 pictures, 512×512``, the text itself. */
export function summaryText(summary: ValueSummary, t: Translate): string {
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
      return withMedia(tensorText(summary), summary, t);
    case "image":
      return pictureText(summary);
    case "images":
      return filmOf(summary) === undefined ? picturesText(summary, t) : mediaText(summary, t);
    case "video":
    case "audio":
      return mediaText(summary, t);
    case "generator":
      return seedText(summary, t);
    case "list":
    case "dict":
      return listText(summary, t);
    default:
      return summary.text;
  }
}

export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "1" : shape.join("×");
}

function tensorText({ shape, dtype, device }: ValueSummary): string {
  const place = device === undefined || device === "" || device === "cpu" ? "" : ` ${device}`;
  return `${shapeText(shape ?? [])} ${dtype ?? ""}${place}`.trim();
}

/** Frames, size, seconds and rate; of a sound seconds, rate and channels. */
function mediaText(summary: ValueSummary, t: Translate): string {
  const [film, sound] = [filmOf(summary), soundOf(summary)];
  if (film !== undefined) {
    const size = `${film.width}×${film.height}`;
    const words = { count: film.films, frames: film.frames, size };
    return [t(film.films > 1 ? "value.films" : "value.film", words), ...ratesText(film, t)].join(
      ", ",
    );
  }
  if (sound?.rate == null || sound.seconds === null) {
    return summary.text;
  }
  const words = { seconds: numberText(rounded(sound.seconds)), rate: numberText(sound.rate) };
  const names = { 1: "value.mono", 2: "value.stereo" } as const;
  const channels = names[sound.channels as 1 | 2] ?? "value.channels";
  return `${t("value.sound", words)}, ${t(channels, { count: sound.channels })}`;
}

function ratesText({ rate, seconds }: FilmFacts, t: Translate): readonly string[] {
  return rate === null || seconds === null
    ? []
    : [
        t("value.rate", {
          seconds: numberText(rounded(seconds)),
          rate: numberText(rounded(rate)),
        }),
      ];
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function withMedia(text: string, summary: ValueSummary, t: Translate): string {
  return filmOf(summary) === undefined ? text : `${text}, ${mediaText(summary, t)}`;
}

function pictureText({ shape, details }: ValueSummary): string {
  const [height = 0, width = 0] = shape ?? [];
  const mode = details?.["mode"];
  return `${width}×${height}${typeof mode === "string" ? ` ${mode}` : ""}`;
}

function picturesText(summary: ValueSummary, t: Translate): string {
  const count = pictureCount(summary);
  const first = summary.items?.find(({ kind }) => kind === "image");
  const size = first === undefined ? "" : `, ${pictureText(first)}`;
  return `${t(count === 1 ? "value.onePicture" : "value.pictures", { count })}${size}`;
}

export function pictureCount({ kind, items, left_out }: ValueSummary): number {
  return kind === "images" ? (items?.length ?? 0) + (left_out ?? 0) : 1;
}

function seedText({ details }: ValueSummary, t: Translate): string {
  const seed = String(details?.["seed"] ?? "");
  return t(details?.["has_moved"] === true ? "value.usedSeed" : "value.seed", { seed });
}

const SHORT_LIST = 6;

function listText(summary: ValueSummary, t: Translate): string {
  const items = summary.items ?? [];
  const count = items.length + (summary.left_out ?? 0);
  if (count === 0) {
    return t("value.empty");
  }
  if (summary.kind === "dict") {
    return t(count === 1 ? "value.oneEntry" : "value.entries", { count });
  }
  const isShort = count <= SHORT_LIST && items.every(isShortItem) && items.length === count;
  return isShort
    ? items.map((item) => summaryText(item, t)).join(", ")
    : t(count === 1 ? "value.oneItem" : "value.items", { count });
}

function isShortItem({ kind, value }: ValueSummary): boolean {
  return kind === "number" || kind === "boolean" || (kind === "text" && String(value).length < 16);
}

/** A number as people write it here, with no more digits than it has. */
export function numberText(value: number): string {
  const { language } = useInterface.getState();
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12)) {
    return value.toExponential(4);
  }
  return value.toLocaleString(language, { maximumSignificantDigits: 8, useGrouping: size >= 1e5 });
}

/** A measured number, in four digits. */
export function roughNumber(value: number | null): string {
  if (value === null) {
    return "–";
  }
  const { language } = useInterface.getState();
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    return value.toExponential(2);
  }
  return value.toLocaleString(language, { maximumSignificantDigits: 4 });
}

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

export function bytesText(bytes: number): string {
  const { language } = useInterface.getState();
  let [at, left] = [0, bytes];
  while (left >= 1024 && at < UNITS.length - 1) {
    left /= 1024;
    at += 1;
  }
  const digits = at === 0 || left >= 100 ? 0 : 1;
  return `${left.toLocaleString(language, { maximumFractionDigits: digits })} ${UNITS[at] ?? ""}`;
}

export function percentText(share: number): string {
  const { language } = useInterface.getState();
  return share.toLocaleString(language, { style: "percent", maximumFractionDigits: 1 });
}
