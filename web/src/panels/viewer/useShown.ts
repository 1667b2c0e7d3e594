/** What the viewer shows: which picture or channel of the value, in which mode. */

import { useState } from "react";
import type { Viewed } from "../../stores/viewer";
import { text } from "../../texts/texts";
import type { Mode } from "./modes";
import { fileName } from "../inspector/fileName";
import { cellsOf, modesOf } from "./modes";
import type { Source } from "./sources";
import { sourcesOf } from "./sources";
import type { FoundArray } from "./useArray";
import { useArray } from "./useArray";
import type { LoadedPicture } from "./usePicture";
import { usePicture } from "./usePicture";
import type { Planes } from "./usePlanes";
import { usePlanes } from "./usePlanes";
import type { Point, Size } from "./view";

/** Where to get the picture that is shown, and the name of a file for it. */
export interface Saved {
  readonly href: string;
  readonly name: string;
}

export interface Shown {
  readonly mode: Mode;
  readonly setMode: (mode: Mode) => void;
  readonly array: FoundArray;
  readonly planes: Planes | undefined;
  readonly indexes: readonly number[];
  readonly setIndexes: (indexes: readonly number[]) => void;
  readonly isOwnScale: boolean;
  readonly setIsOwnScale: (isOwnScale: boolean) => void;
  /** The pictures or channels to choose from; fewer than two are none to choose from. */
  readonly strip: readonly { readonly src: string; readonly label: string }[];
  readonly current: number;
  readonly choose: (index: number) => void;
  readonly save: Saved | null;
  readonly picture: LoadedPicture | "broken" | undefined;
  readonly size: Size | null;
  readonly numbersAt: (pixel: Point | null) => readonly number[];
}

export function useShown(viewed: Viewed): Shown {
  const { place, summary } = viewed;
  const sources = sourcesOf(viewed);
  const [mode, setMode] = useState<Mode>(modesOf(summary)[0] ?? "picture");
  const [item, setItem] = useState(viewed.first ?? 0);
  const [channel, setChannel] = useState(0);
  const [others, setOthers] = useState<readonly number[]>([0, 0, 0, 0]);
  const [isOwnScale, setIsOwnScale] = useState(false);
  const array = useArray(place, summary);
  const isBatch = summary.kind === "tensor" || summary.kind === "array";
  const indexes = isBatch && sources.length > 1 ? others.with(0, item) : others;
  const planes = usePlanes(array, indexes, isOwnScale);
  const isChannels = mode === "channels";
  const src = (isChannels ? planes?.drawn[channel] : sources[item])?.src ?? null;
  const picture = usePicture(src);
  const strip = isChannels
    ? (planes?.drawn ?? []).map((drawn, index) => ({
        src: drawn.src,
        label: text("details.channel", { number: index + 1 }),
      }))
    : sources.map(({ small }, index) => ({
        src: small,
        label: text("viewer.pictureNumber", { number: index + 1, count: sources.length }),
      }));
  return {
    mode,
    setMode,
    array,
    planes,
    indexes,
    setIndexes: (next) => {
      setOthers(next);
      setItem(isBatch && sources.length > 1 ? (next[0] ?? 0) : item);
    },
    isOwnScale,
    setIsOwnScale,
    strip,
    current: isChannels ? channel : item,
    choose: isChannels ? setChannel : setItem,
    save: saved(src, isChannels, sources[item], place),
    picture,
    size: sizeOf(picture, summary),
    numbersAt: (pixel) => numbersAt(planes, pixel, picture, summary),
  };
}

function saved(
  src: string | null,
  isChannel: boolean,
  source: Source | undefined,
  place: Viewed["place"],
): Saved | null {
  if (src === null || source === undefined) {
    return null;
  }
  return isChannel ? { href: src, name: fileName(place, "png") } : source;
}

function sizeOf(
  picture: LoadedPicture | "broken" | undefined,
  summary: Viewed["summary"],
): Size | null {
  if (picture === undefined || picture === "broken") {
    return null;
  }
  return cellsOf(summary, picture) ?? { width: picture.width, height: picture.height };
}

/** The numbers of all channels there, where the picture is drawn cell by cell. */
function numbersAt(
  planes: Planes | undefined,
  pixel: Point | null,
  picture: LoadedPicture | "broken" | undefined,
  summary: Viewed["summary"],
): readonly number[] {
  const size = sizeOf(picture, summary);
  if (planes === undefined || pixel === null || size === null) {
    return [];
  }
  return planes.drawn.flatMap(({ plane }) =>
    plane.width === size.width && plane.height === size.height
      ? [plane.values[pixel.y * plane.width + pixel.x] ?? Number.NaN]
      : [],
  );
}
