/** Values as films and sounds: fetched whole, so that one can jump about in them. */

import { useEffect, useState } from "react";
import type { ValuePlace, ValueSummary } from "../protocol/blockStates";
import { valueUrl } from "../protocol/blockStates";
import { request } from "../protocol/http";
import { filmOf } from "./kinds";

export type MediaForm = "mp4" | "webm" | "wav";

/** MP4 has no room for odd numbers of pixels. */
export function formOf(summary: ValueSummary, kind: "film" | "sound"): MediaForm {
  const film = filmOf(summary);
  if (kind === "sound" || film === undefined) {
    return "wav";
  }
  return film.width % 2 === 0 && film.height % 2 === 0 ? "mp4" : "webm";
}

export type FoundMedia = "loading" | "broken" | { readonly src: string };

/** The address of a value's film or sound, for as long as it is shown; undefined asks for none. */
export function useValueMedia(place: ValuePlace, form: MediaForm | undefined): FoundMedia {
  const url = form === undefined ? undefined : valueUrl(place, form);
  const [found, setFound] = useState<{ readonly url: string; readonly media: FoundMedia }>();
  useEffect(() => {
    if (url === undefined) {
      return undefined;
    }
    const control = new AbortController();
    let src = "";
    const load = async (): Promise<void> => {
      try {
        const response = await request(url, { signal: control.signal });
        src = URL.createObjectURL(await response.blob());
        setFound({ url, media: { src } });
      } catch {
        if (!control.signal.aborted) {
          setFound({ url, media: "broken" });
        }
      }
    };
    void load();
    return () => {
      control.abort();
      URL.revokeObjectURL(src);
    };
  }, [url]);
  return found !== undefined && found.url === url ? found.media : "loading";
}
