/** Seeds that change from run to run. */

import { withFreshSeeds } from "../graph/freshSeeds";
import { currentCatalogue } from "../stores/catalogue";
import { edit } from "../stores/document";

/** Draw new seeds on the nodes that want one for each run; for runs that a user starts. */
export function refreshSeeds(): void {
  edit("edit.freshSeeds", (document) => withFreshSeeds(document, currentCatalogue()));
}
