/** New nodes on the canvas. */

import type { Place } from "../graph/edit";
import { addNode, freshId } from "../graph/edit";
import { HEADER_HEIGHT, NODE_WIDTH, shapeOf } from "../graph/geometry";
import type { GraphDocument, GraphNode, NodeId } from "../graph/model";
import { makeNode } from "../graph/model";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit } from "../stores/document";
import { openDialog, select, useInterface } from "../stores/interface";
import { noteUse } from "../stores/palette";
import { canvasFrame, lastPointer, viewCentre } from "../stores/view";
import type { Action } from "./action";

const GRID = 10;
const STEP = 30;
const NONE: ReadonlySet<string> = new Set();

/** Add a node whose title is where ``at`` is in the graph, and select it; answers its id. */
export function addNodeAt(typeId: string, at: Place): NodeId {
  return put(typeId, cornerFor(at));
}

/** The upper left corner of a node that somebody holds at the middle of its title. */
export function cornerFor(at: Place): Place {
  return { x: at.x - NODE_WIDTH / 2, y: at.y - HEADER_HEIGHT / 2 };
}

/** Add a node in the middle of the view, beside what is there already. */
export function addNodeInView(typeId: string): NodeId {
  const centre = viewCentre();
  const type = currentCatalogue().types.get(typeId);
  const { height } = shapeOf(makeNode("", typeId, 0, 0), type, NONE);
  return put(
    typeId,
    freePlace(currentDocument(), centre.x - NODE_WIDTH / 2, centre.y - height / 2),
  );
}

function put(typeId: string, corner: Place): NodeId {
  const node = newNode(typeId, corner);
  edit("edit.add", (document) => addNode(document, node));
  select([node.id]);
  noteUse(typeId);
  return node.id;
}

/** A node that is not in the graph yet, with an id that is free there. */
export function newNode(typeId: string, { x, y }: Place): GraphNode {
  const title = currentCatalogue().types.get(typeId)?.title ?? typeId;
  const isSnapping = useInterface.getState().isSnapping;
  const snap = (value: number): number => (isSnapping ? Math.round(value / GRID) * GRID : value);
  return makeNode(freshId(currentDocument(), title), typeId, snap(x), snap(y));
}

/** A place on which no other node lies exactly: several that are added in a row stay visible. */
function freePlace(document: GraphDocument, x: number, y: number): Place {
  const isTaken = (at: Place): boolean =>
    Object.values(document.nodes).some(
      (node) => Math.abs(node.x - at.x) < STEP / 2 && Math.abs(node.y - at.y) < STEP / 2,
    );
  let place: Place = { x, y };
  while (isTaken(place)) {
    place = { x: place.x + STEP, y: place.y + STEP };
  }
  return place;
}

/** Open the palette where the pointer is, or in the middle of the canvas. */
export function openPalette(): void {
  const frame = canvasFrame();
  const pointer = lastPointer();
  const isOver =
    pointer !== undefined &&
    pointer.x >= frame.left &&
    pointer.x <= frame.right &&
    pointer.y >= frame.top &&
    pointer.y <= frame.bottom;
  openDialog(
    "palette",
    isOver ? pointer : { x: frame.left + frame.width / 2, y: frame.top + frame.height / 4 },
  );
}

export const addActions: readonly Action[] = [
  {
    id: "add.node",
    label: "add.node",
    group: "add",
    shortcuts: ["Space"],
    run: openPalette,
  },
];
