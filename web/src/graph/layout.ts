/** Automatic layout: columns in running order, main wires straight, nothing overlaps. */

import type { Catalogue } from "../catalogue/catalogue";
import type { Place } from "./edit";
import { move } from "./edit";
import type { Frame } from "./frames";
import { frameAround, frameOf, framesOf } from "./frames";
import { HEADER_HEIGHT, REROUTE_SIZE } from "./geometry";
import { GROUP_TITLE_HEIGHT, membersOf } from "./groups";
import type { Columns } from "./layout/columns";
import { inSocketOrder, libraryColumns, longestPathColumns } from "./layout/columns";
import type { Drawing } from "./layout/drawing";
import { drawingOf, partsOf } from "./layout/drawing";
import { heightsOf } from "./layout/heights";
import type { GraphDocument, Group, NodeId } from "./model";
import { REROUTE } from "./model";

/** Above this the library takes too long; users are asked to select a part. */
export const MOST_LAID_OUT = 300;
const COLUMN_GAP = 90;
const PART_GAP = 90;
const GRID = 10;
const BEND_LEVEL = (HEADER_HEIGHT - REROUTE_SIZE) / 2;

type Places = Record<string, Place>;

/**
 * Lay out these nodes, or all; the frame around them stays where its upper left corner is.
 *
 * ``drawn`` has the heights of nodes on the canvas, where they are on one.
 */
export async function layOut(
  document: GraphDocument,
  ids: ReadonlySet<string> | null,
  catalogue: Catalogue,
  drawn?: ReadonlyMap<NodeId, number>,
): Promise<GraphDocument> {
  const wanted = Object.keys(document.nodes).filter((id) => ids?.has(id) !== false);
  const parts = partsOf(drawingOf(document, wanted, catalogue, drawn));
  const columns = await Promise.all(parts.map(columnsOf));
  const places = placesOf(parts, columns, document);
  const before = frameAround(framesOf(document, wanted, catalogue).values());
  const moved = move(document, shifted(places, before ?? { x: 0, y: 0 }));
  return ids === null ? withFollowers(document, moved, catalogue) : moved;
}

function columnsOf(drawing: Drawing): Columns | Promise<Columns> {
  const isLarge = drawing.boxes.size > MOST_LAID_OUT;
  return isLarge ? longestPathColumns(drawing) : libraryColumns(drawing);
}

/**
 * Files of other programs have no places: nodes without one are laid out, below those that have.
 * Without the library, so that no document is ever without places.
 */
export function withPlaces(document: GraphDocument, catalogue: Catalogue): GraphDocument {
  const lost = Object.values(document.nodes).filter(({ x, y }) => !isPlace(x, y));
  if (lost.length === 0) {
    return document;
  }
  const ids = lost.map(({ id }) => id);
  const parts = partsOf(drawingOf(document, ids, catalogue));
  const places = placesOf(parts, parts.map(longestPathColumns), document);
  const around = frameAround(framesOf(document, Object.keys(document.nodes), catalogue).values());
  const corner =
    around === undefined ? { x: 0, y: 0 } : { x: around.x, y: around.y + around.height + PART_GAP };
  return move(document, shifted(places, corner));
}

function isPlace(x: number, y: number): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function placesOf(
  parts: readonly Drawing[],
  columns: readonly Columns[],
  document: GraphDocument,
): Places {
  const places: Places = {};
  let [left, top, bottom, widest] = [0, 0, 0, 0];
  for (const [index, part] of parts.entries()) {
    const laidOut = placesOfPart(part, columns[index] ?? [], document);
    const size = sizeOf(part, laidOut);
    // Single nodes stand side by side, as long as there is room below the largest part.
    const fitsBeside = part.boxes.size === 1 && left > 0 && left + size.width <= widest;
    [left, top] = fitsBeside ? [left, top] : [0, bottom === 0 ? 0 : onGrid(bottom + PART_GAP)];
    for (const [id, { x, y }] of Object.entries(laidOut)) {
      places[id] = { x: x + left, y: y + top };
    }
    bottom = Math.max(bottom, top + size.height);
    widest = Math.max(widest, size.width);
    left = part.boxes.size === 1 ? left + size.width + COLUMN_GAP : 0;
  }
  return places;
}

function sizeOf({ boxes }: Drawing, places: Places): { width: number; height: number } {
  let [width, height] = [0, 0];
  for (const box of boxes.values()) {
    const { x, y } = places[box.id] ?? { x: 0, y: 0 };
    width = Math.max(width, x + box.width);
    height = Math.max(height, y + box.height);
  }
  return { width, height };
}

/** Places of nodes that hang together, from (0, 0) to the right and down. */
function placesOfPart(drawing: Drawing, found: Columns, document: GraphDocument): Places {
  const columns = inSocketOrder(found, drawing.pulls);
  const tops = heightsOf(columns, drawing);
  const least = Math.min(...tops.values());
  const places: Places = {};
  let left = 0;
  for (const column of columns) {
    const width = widthOf(column, drawing);
    for (const id of column) {
      const inset = (width - (drawing.boxes.get(id)?.width ?? width)) / 2;
      // A bend on the main wire has its middle level with the headers of nodes.
      const level = document.nodes[id]?.type === REROUTE ? BEND_LEVEL : 0;
      places[id] = {
        x: left + inset,
        y: onGrid((tops.get(id) ?? 0) - least - level) + level,
      };
    }
    left += width + COLUMN_GAP;
  }
  return places;
}

function widthOf(column: Columns[number], drawing: Drawing): number {
  return Math.max(...column.map((id) => drawing.boxes.get(id)?.width ?? 0));
}

function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}

function shifted(places: Places, corner: Place): Places {
  return Object.fromEntries(
    Object.entries(places).map(([id, { x, y }]) => [
      id,
      { x: Math.round(x + corner.x), y: Math.round(y + corner.y) },
    ]),
  );
}

/** Groups go round what they held before; notes stay beside the node they were nearest to. */
function withFollowers(
  before: GraphDocument,
  after: GraphDocument,
  catalogue: Catalogue,
): GraphDocument {
  const notes: Places = {};
  for (const note of Object.values(before.notes)) {
    const nearest = nearestNode(before, note, catalogue);
    const [old, now] = [before.nodes[nearest], after.nodes[nearest]];
    if (old !== undefined && now !== undefined) {
      notes[note.id] = { x: note.x + now.x - old.x, y: note.y + now.y - old.y };
    }
  }
  const moved = move(after, notes);
  const groups = Object.values(before.groups).map((group) =>
    refitted(group, membersOf(before, group, catalogue), moved, catalogue),
  );
  return groups.length === 0
    ? moved
    : { ...moved, groups: Object.fromEntries(groups.map((group) => [group.id, group])) };
}

function nearestNode(document: GraphDocument, frame: Frame, catalogue: Catalogue): NodeId {
  let [found, least] = ["", Number.POSITIVE_INFINITY];
  for (const id of Object.keys(document.nodes)) {
    const other = frameOf(document, id, catalogue);
    const distance = other === undefined ? Number.POSITIVE_INFINITY : gapBetween(frame, other);
    if (distance < least) {
      [found, least] = [id, distance];
    }
  }
  return found;
}

function gapBetween(one: Frame, other: Frame): number {
  const across = Math.max(other.x - (one.x + one.width), one.x - (other.x + other.width), 0);
  const down = Math.max(other.y - (one.y + one.height), one.y - (other.y + other.height), 0);
  return Math.hypot(across, down);
}

function refitted(
  group: Group,
  members: ReadonlySet<string>,
  document: GraphDocument,
  catalogue: Catalogue,
): Group {
  const inner = [...members].filter((id) => !(id in document.groups));
  const around = frameAround(framesOf(document, inner, catalogue).values());
  const padding = 20;
  return around === undefined
    ? group
    : {
        ...group,
        x: around.x - padding,
        y: around.y - padding - GROUP_TITLE_HEIGHT,
        width: around.width + 2 * padding,
        height: around.height + 2 * padding + GROUP_TITLE_HEIGHT,
      };
}
