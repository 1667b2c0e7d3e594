/** Parts of a graph as text and back: copy, paste, duplicate. */

import type { Catalogue } from "../catalogue/catalogue";
import type { Place } from "./edit";
import { freshId } from "./edit";
import { parseFile, readFile, writeFile } from "./file";
import { frameAround, framesOf } from "./frames";
import { withMembers } from "./groups";
import type { Placed } from "./insert";
import type { GraphDocument, GraphNode, Input } from "./model";

/** A part of a graph by itself. Links from outside stay in it, and are dropped when it is put down. */
export function partOf(document: GraphDocument, ids: ReadonlySet<string>): GraphDocument {
  return {
    nodes: only(document.nodes, ids),
    notes: only(document.notes, ids),
    groups: only(document.groups, ids),
    extra: {},
  };
}

function only<T>(
  items: Readonly<Record<string, T>>,
  ids: ReadonlySet<string>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(items).filter(([id]) => ids.has(id)));
}

/** What goes to the clipboard: a graph file of these and of what lies in the groups among them. */
export function copyText(
  document: GraphDocument,
  ids: Iterable<string>,
  catalogue: Catalogue,
): string {
  const part = partOf(document, withMembers(document, ids, catalogue));
  return JSON.stringify(writeFile(part, catalogue), null, 2);
}

/** A graph file on the clipboard; undefined for any other text. */
export function readCopy(text: string, catalogue: Catalogue): GraphDocument | undefined {
  try {
    const part = readFile(parseFile(text), catalogue);
    return isEmpty(part) ? undefined : part;
  } catch {
    return undefined;
  }
}

function isEmpty({ nodes, notes, groups }: GraphDocument): boolean {
  return [nodes, notes, groups].every((items) => Object.keys(items).length === 0);
}

export interface PasteOptions {
  /** Where the upper left corner comes to lie; the place they were copied from by default. */
  readonly at?: Place;
  /** Keep links to nodes outside, where the document has these nodes. */
  readonly keepsOutside?: boolean;
}

/** Put a part down with ids of its own. */
export function paste(
  document: GraphDocument,
  part: GraphDocument,
  catalogue: Catalogue,
  { at, keepsOutside = false }: PasteOptions = {},
): Placed {
  const shift = shiftTo(part, at, catalogue);
  const names = freshNames(document, part);
  const put = <T extends { readonly id: string } & Place>(item: T): T => {
    const id = names.get(item.id) ?? item.id;
    return { ...item, id, x: item.x + shift.x, y: item.y + shift.y };
  };
  const keeps = (id: string): boolean => keepsOutside && id in document.nodes;
  const nodes = Object.values(part.nodes).map((node) => withLinks(put(node), names, keeps));
  return {
    document: {
      ...document,
      nodes: added(document.nodes, nodes),
      notes: added(document.notes, Object.values(part.notes).map(put)),
      groups: added(document.groups, Object.values(part.groups).map(put)),
    },
    ids: [...names.values()],
  };
}

/** The same again beside it; links from outside are drawn again, too. */
export function duplicate(
  document: GraphDocument,
  ids: Iterable<string>,
  catalogue: Catalogue,
  offset: Place = { x: 40, y: 40 },
): Placed {
  const part = partOf(document, withMembers(document, ids, catalogue));
  const corner = frameAround(framesOf(part, idsOf(part), catalogue).values());
  const at = corner && { x: corner.x + offset.x, y: corner.y + offset.y };
  return paste(document, part, catalogue, { keepsOutside: true, ...(at && { at }) });
}

export function idsOf({ nodes, notes, groups }: GraphDocument): string[] {
  return [...Object.keys(nodes), ...Object.keys(notes), ...Object.keys(groups)];
}

function shiftTo(part: GraphDocument, at: Place | undefined, catalogue: Catalogue): Place {
  const corner = frameAround(framesOf(part, idsOf(part), catalogue).values());
  return at === undefined || corner === undefined
    ? { x: 0, y: 0 }
    : { x: at.x - corner.x, y: at.y - corner.y };
}

function freshNames(document: GraphDocument, part: GraphDocument): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken: Record<string, true> = {};
  for (const id of idsOf(part)) {
    const fresh = freshId(document, id, taken);
    taken[fresh] = true;
    names.set(id, fresh);
  }
  return names;
}

function withLinks(
  node: GraphNode,
  names: ReadonlyMap<string, string>,
  keeps: (id: string) => boolean,
): GraphNode {
  const inputs: Record<string, Input> = {};
  for (const [name, input] of Object.entries(node.inputs)) {
    if (input.kind !== "link") {
      inputs[name] = input;
      continue;
    }
    const renamed = names.get(input.node);
    if (renamed !== undefined) {
      inputs[name] = { ...input, node: renamed };
    } else if (keeps(input.node)) {
      inputs[name] = input;
    }
  }
  return { ...node, inputs };
}

function added<T extends { readonly id: string }>(
  items: Readonly<Record<string, T>>,
  more: readonly T[],
): Readonly<Record<string, T>> {
  return { ...items, ...Object.fromEntries(more.map((item) => [item.id, item])) };
}
