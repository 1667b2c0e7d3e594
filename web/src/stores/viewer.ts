/** The full view of a value: what it shows, and what it is compared with. */

import type { ValuePlace, ValueSummary } from "../protocol/blockStates";
import { openDialog } from "./interface";

export const VIEWER = "viewer";

/** What the viewer's dialog is opened with. */
export interface Viewed {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
}

export function openViewer(place: ValuePlace, summary: ValueSummary): void {
  openDialog(VIEWER, { place, summary } satisfies Viewed);
}
