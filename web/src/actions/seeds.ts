/** Seeds that change from run to run. */

import { withFreshSeeds } from "../graph/freshSeeds";
import { currentCatalogue } from "../stores/catalogue";
import { edit } from "../stores/document";

/** The label of that edit: it belongs to a run, and is no reason for another one. */
export const FRESH_SEEDS = "edit.freshSeeds";

/** Draw new seeds on the nodes that want one for each run; for runs that a user starts. */
export function refreshSeeds(): void {
  edit(FRESH_SEEDS, (document) => withFreshSeeds(document, currentCatalogue()));
}
