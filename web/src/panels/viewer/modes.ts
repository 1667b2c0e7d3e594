/** The ways to draw a value, and the address of its picture in each. */

import { playedAs } from "../../media/kinds";
import type { ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { thumbnailUrl, valueUrl } from "../../protocol/blockStates";
import { isPictureLike } from "./strip";
import type { Size } from "./view";

export type Mode = "film" | "sound" | "picture" | "colours" | "channels";

const LARGEST_THUMBNAIL = 1024;
export const LARGEST_ARRAY = 48 * 2 ** 20;

/** The first one is shown at first. */
export function modesOf(summary: ValueSummary): readonly Mode[] {
  const played = playedAs(summary);
  const drawn = drawnModes(summary);
  return played === undefined ? drawn : [played, ...drawn];
}

function drawnModes(summary: ValueSummary): readonly Mode[] {
  if (summary.kind === "video" || summary.kind === "audio") {
    return ["picture"];
  }
  if (summary.kind === "image" || summary.kind === "images") {
    return ["picture"];
  }
  if (isPictureLike(summary) && (summary.shape?.length ?? 0) >= 3) {
    return ["picture", "channels"];
  }
  return (summary.shape?.length ?? 0) >= 4 ? ["colours", "channels"] : ["channels"];
}

/** The address of a whole picture; latents come in the colours that were learned for them. */
export function pictureUrl(place: ValuePlace, summary: ValueSummary): string {
  return summary.kind !== "audio" && drawnModes(summary)[0] === "picture"
    ? valueUrl(place, "png")
    : thumbnailUrl(place, LARGEST_THUMBNAIL);
}

/** How many cells a drawn tensor has, where every cell became a square of pixels. */
export function cellsOf({ kind, shape = [] }: ValueSummary, drawn: Size): Size | undefined {
  if (kind !== "tensor" && kind !== "array") {
    return undefined;
  }
  const sides: readonly (readonly [number, number])[] = [
    [shape.at(-1) ?? 0, shape.at(-2) ?? 0],
    [shape.at(-2) ?? 0, shape.at(-3) ?? 0],
  ];
  const found = sides.find(([width, height]) => {
    const times = drawn.width / width;
    return Number.isInteger(times) && times >= 1 && drawn.height === height * times;
  });
  return found === undefined ? undefined : { width: found[0], height: found[1] };
}
