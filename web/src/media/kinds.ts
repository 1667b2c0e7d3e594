/** Pictures, films and sounds told apart: of files by their names, of values by their summaries. */

import type { ShownFile } from "../protocol/answers";
import type { ValueSummary } from "../protocol/blockStates";

export type MediaKind = "picture" | "film" | "sound" | "other";

const FILMS = /\.(mp4|m4v|webm|mkv|mov|ogv|avi|mpe?g|m?ts|wmv|flv)$/i;
const SOUNDS = /\.(wav|flac|mp3|opus|og[ga]|m4a|mka|aac|aiff?|wma)$/i;

/** By the end of a name; a GIF moves, and is a picture all the same. */
export function kindOfName(name: string): MediaKind {
  return FILMS.test(name) ? "film" : SOUNDS.test(name) ? "sound" : "picture";
}

/** What somebody chose or dropped. */
export function kindOfFile({ name, type }: File): MediaKind {
  if (type.startsWith("image/")) {
    return "picture";
  }
  if (type.startsWith("video/")) {
    return "film";
  }
  if (type.startsWith("audio/")) {
    return "sound";
  }
  const kind = kindOfName(name);
  return kind === "picture" ? "other" : kind;
}

export function filesOf(
  files: readonly ShownFile[] | undefined,
  kind: MediaKind,
): readonly ShownFile[] {
  return files?.filter(({ filename }) => kindOfName(filename) === kind) ?? [];
}

export interface FilmFacts {
  readonly films: number;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** Frames a second; null where the frames carry no rate. */
  readonly rate: number | null;
  readonly seconds: number | null;
}

export interface SoundFacts {
  readonly channels: number;
  readonly samples: number;
  readonly rate: number | null;
  readonly seconds: number | null;
}

export function filmOf({ details }: ValueSummary): FilmFacts | undefined {
  return (details?.["film"] ?? undefined) as FilmFacts | undefined;
}

export function soundOf({ details }: ValueSummary): SoundFacts | undefined {
  return (details?.["sound"] ?? undefined) as SoundFacts | undefined;
}

/** How a value can be played; a bare waveform does not say how fast. */
export function playedAs(summary: ValueSummary): "film" | "sound" | undefined {
  const film = filmOf(summary);
  if (film !== undefined && film.frames > 1) {
    return "film";
  }
  const rate = soundOf(summary)?.rate ?? null;
  return rate === null ? undefined : "sound";
}
