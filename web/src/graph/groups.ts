/** Groups: what lies in a frame belongs to it, and moves with it. */

import type { Catalogue } from "../catalogue/catalogue";
import type { Place } from "./edit";
import { freshId, move, putGroup } from "./edit";
import type { Frame } from "./frames";
import { frameAround, frameOf, framesOf } from "./frames";
import type { Placed } from "./insert";
import type { GraphDocument, Group } from "./model";

export const GROUP_TITLE_HEIGHT = 34;
const GROUP_PADDING = 20;

/** Ids of what lies in a group: nodes and notes by their middle, other groups as a whole. */
export function membersOf(
  document: GraphDocument,
  group: Group,
  catalogue: Catalogue,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const id of [...Object.keys(document.nodes), ...Object.keys(document.notes)]) {
    const frame = frameOf(document, id, catalogue);
    if (frame !== undefined && holdsMiddle(group, frame)) {
      found.add(id);
    }
  }
  for (const other of Object.values(document.groups)) {
    if (other.id !== group.id && holds(group, other)) {
      found.add(other.id);
    }
  }
  return found;
}

function holdsMiddle(group: Frame, { x, y, width, height }: Frame): boolean {
  return holds(group, { x: x + width / 2, y: y + height / 2, width: 0, height: 0 });
}

function holds(group: Frame, { x, y, width, height }: Frame): boolean {
  return (
    x >= group.x &&
    y >= group.y &&
    x + width <= group.x + group.width &&
    y + height <= group.y + group.height
  );
}

/** These, and what lies in the groups among them. */
export function withMembers(
  document: GraphDocument,
  ids: Iterable<string>,
  catalogue: Catalogue,
): ReadonlySet<string> {
  const found = new Set(ids);
  for (const id of found) {
    const group = document.groups[id];
    if (group !== undefined) {
      for (const member of membersOf(document, group, catalogue)) {
        found.add(member);
      }
    }
  }
  return found;
}

/** Put things where they were dragged; what lies in a group and was not dragged itself goes along. */
export function moveWithMembers(
  document: GraphDocument,
  places: Readonly<Record<string, Place>>,
  catalogue: Catalogue,
): GraphDocument {
  const all: Record<string, Place> = {};
  for (const [id, place] of Object.entries(places)) {
    const group = document.groups[id];
    if (group === undefined) {
      continue;
    }
    const [dx, dy] = [place.x - group.x, place.y - group.y];
    for (const member of membersOf(document, group, catalogue)) {
      const frame = frameOf(document, member, catalogue);
      if (frame !== undefined) {
        all[member] = { x: frame.x + dx, y: frame.y + dy };
      }
    }
  }
  return move(document, { ...all, ...places });
}

/** A new group around these. The document stays the same where there is nothing to go around. */
export function groupAround(
  document: GraphDocument,
  ids: Iterable<string>,
  title: string,
  catalogue: Catalogue,
): Placed {
  const around = frameAround(framesOf(document, ids, catalogue).values());
  if (around === undefined) {
    return { document, ids: [] };
  }
  const id = freshId(document, "group");
  const group: Group = {
    id,
    title,
    colour: "grey",
    x: around.x - GROUP_PADDING,
    y: around.y - GROUP_PADDING - GROUP_TITLE_HEIGHT,
    width: around.width + 2 * GROUP_PADDING,
    height: around.height + 2 * GROUP_PADDING + GROUP_TITLE_HEIGHT,
  };
  return { document: putGroup(document, group), ids: [id] };
}

/** Take groups away; what lies in them stays. */
export function ungroup(document: GraphDocument, ids: ReadonlySet<string>): GraphDocument {
  const groups = Object.entries(document.groups).filter(([id]) => !ids.has(id));
  return groups.length === Object.keys(document.groups).length
    ? document
    : { ...document, groups: Object.fromEntries(groups) };
}
