/** The colours of groups, by the names that files have them under. */

import { putGroup } from "../graph/edit";
import type { Group } from "../graph/model";
import { edit } from "../stores/document";

export const GROUP_COLOURS = [
  "grey",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "violet",
] as const;

export function changeGroup(id: string, change: Pick<Group, "colour">): void {
  edit("edit.colour", (document) => {
    const group = document.groups[id];
    return group === undefined || group.colour === change.colour
      ? document
      : putGroup(document, { ...group, ...change });
  });
}
