/** The pictures in a value, one after another. */

import { filmOf } from "../../media/kinds";
import type { ValueSummary } from "../../protocol/blockStates";

const MOST = 200;

/** Where each picture is inside a value: ``["2"]``, or ``["0", "2"]`` for frames of videos. */
export function picturesIn(summary: ValueSummary): readonly (readonly string[])[] {
  if (summary.kind === "images") {
    return inList(summary, []).slice(0, MOST);
  }
  const film = filmOf(summary);
  if (film !== undefined) {
    const frames = numbered(Math.min(film.frames, MOST), []);
    return summary.kind === "video"
      ? frames
      : numbered(film.films, [])
          .flatMap((one) => frames.map((frame) => [...one, ...frame]))
          .slice(0, MOST);
  }
  const { kind, shape = [] } = summary;
  const isBatch = (kind === "tensor" || kind === "array") && shape.length >= 4;
  return isBatch ? numbered(Math.min(shape[0] ?? 0, MOST), []) : [];
}

/** Summaries name the first items only; the others are like them. */
function inList(
  { items = [], left_out: left = 0 }: ValueSummary,
  path: readonly string[],
): readonly (readonly string[])[] {
  const first = items[0];
  if (first === undefined || first.kind === "image") {
    return numbered(items.length + left, path);
  }
  return items.flatMap((item) => inList(item, [...path, item.name]));
}

function numbered(count: number, path: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => [...path, String(index)]);
}

/** Whether the value of that item is drawn as it is, and not as cells that stand for something. */
export function isPictureLike({ kind, shape = [] }: ValueSummary): boolean {
  if (kind === "image" || kind === "images" || kind === "video") {
    return true;
  }
  const bands = [shape.at(-1), shape.at(-3)];
  return bands.includes(3) || (shape.length >= 4 && bands.includes(1));
}
