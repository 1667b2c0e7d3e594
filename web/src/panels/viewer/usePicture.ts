/** Pictures as they arrive. */

import { useEffect, useState } from "react";
import type { Pixels } from "./pixels";
import { pixelsOf } from "./pixels";

export interface LoadedPicture {
  readonly src: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels | undefined;
}

/** A picture once it is here; "broken" where there is none. What was shown stays until then. */
export function usePicture(src: string | null): LoadedPicture | "broken" | undefined {
  const [found, setFound] = useState<LoadedPicture | "broken">();
  useEffect(() => {
    if (src === null) {
      return undefined;
    }
    const picture = new Image();
    picture.addEventListener("load", () => {
      const { naturalWidth: width, naturalHeight: height } = picture;
      setFound({ src, width, height, pixels: pixelsOf(picture) });
    });
    picture.addEventListener("error", () => {
      setFound("broken");
    });
    picture.src = src;
    return () => {
      picture.src = "";
    };
  }, [src]);
  return src === null ? undefined : found;
}
