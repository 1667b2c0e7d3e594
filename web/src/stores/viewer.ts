/** The full view of a value: what it shows, and what it is compared with. */

import type { ShownFile } from "../protocol/answers";
import type { ValuePlace, ValueSummary } from "../protocol/blockStates";
import { openDialog } from "./interface";

export const VIEWER = "viewer";

/** What the viewer's dialog is opened with. */
export interface Viewed {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
  /** Pictures that were saved: they are shown from their files, whatever is kept of the run. */
  readonly files?: readonly ShownFile[];
  /** Which of the pictures is shown at first. */
  readonly first?: number;
}

export function openViewer(place: ValuePlace, summary: ValueSummary): void {
  openDialog(VIEWER, { place, summary } satisfies Viewed);
}

/** The pictures a node has put out. */
export function openFiles(
  job: string,
  node: string,
  files: readonly ShownFile[],
  first: number,
): void {
  const items = files.map(({ filename: name }) => ({ ...PICTURE, name, text: name }));
  openDialog(VIEWER, {
    place: { job, node, name: files[first]?.filename ?? "" },
    summary: { ...PICTURE, kind: "images", items },
    files,
    first,
  } satisfies Viewed);
}

const PICTURE: ValueSummary = { kind: "image", type: "Image", text: "", size: 0 };
