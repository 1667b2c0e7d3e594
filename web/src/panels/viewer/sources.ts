/** The pictures that the viewer has to choose from. */

import { viewUrl } from "../../protocol/api";
import { thumbnailUrl, valueUrl } from "../../protocol/blockStates";
import type { Viewed } from "../../stores/viewer";
import { fileName } from "../inspector/fileName";
import { pictureUrl } from "./modes";
import { picturesIn } from "./strip";

export interface Source {
  readonly src: string;
  readonly small: string;
  readonly href: string;
  /** The name of the file it is saved in. */
  readonly name: string;
}

const SMALL = 128;

/** At least one: files, the pictures in a list, the items of a batch, or the value as a whole. */
export function sourcesOf({ place, summary, files }: Viewed): readonly Source[] {
  if (files !== undefined) {
    return files.map((file) => ({
      src: viewUrl(file),
      small: viewUrl(file, SMALL),
      href: viewUrl(file),
      name: file.filename,
    }));
  }
  const items = picturesIn(summary);
  const places =
    items.length > 1
      ? items.map((item) => ({ ...place, item: [...(place.item ?? []), ...item] }))
      : [place];
  return places.map((one) => ({
    src: pictureUrl(one, summary),
    small: thumbnailUrl(one, SMALL),
    href: valueUrl(one, "png"),
    name: fileName(one, "png"),
  }));
}
