/** New nodes that come with a wire: one change, one step of undo. */

import type { Catalogue } from "../catalogue/catalogue";
import { outputOf } from "../catalogue/catalogue";
import type { NodeType } from "../catalogue/types";
import type { Place } from "../graph/edit";
import { addNode, connect, freshId } from "../graph/edit";
import { socketPlace, shapeOf } from "../graph/geometry";
import type { Placed } from "../graph/insert";
import type { GraphDocument, GraphNode } from "../graph/model";
import { MAIN_WIRE, makeNode } from "../graph/model";
import type { WireEnd } from "./ends";
import { bestEndOf, wireBetween } from "./ends";

const GRID = 10;
const GAP = 90;

/** Add a node with the socket that fits best at ``at``, and link it. */
export function addLinked(
  document: GraphDocument,
  type: NodeType,
  at: Place,
  loose: WireEnd,
  catalogue: Catalogue,
): Placed {
  const node = makeNode(freshId(document, type.title), type.id, 0, 0);
  const added = addNode(document, node);
  const end = bestEndOf(added, loose, node.id, catalogue);
  if (end === undefined) {
    return { document: addNode(document, placed(node, at, { x: 0, y: 0 })), ids: [node.id] };
  }
  const linked = connect(added, wireBetween(loose, end));
  const known = linked.nodes[node.id] ?? node;
  const outputs = new Set(end.side === "out" ? [end.socket] : []);
  const place = socketPlace(shapeOf(known, type, outputs), end.side, end.socket);
  return { document: addNode(linked, placed(known, at, place)), ids: [node.id] };
}

function placed(node: GraphNode, at: Place, socket: Place): GraphNode {
  return { ...node, x: onGrid(at.x - socket.x), y: onGrid(at.y - socket.y) };
}

function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}

/**
 * Add a node that supplies an input of another one.
 *
 * Where both are on the main wire it goes into that wire, before the node: what it writes travels
 * along. Else its best output is linked to the input.
 */
export function addSupplier(
  document: GraphDocument,
  type: NodeType,
  end: WireEnd,
  catalogue: Catalogue,
): Placed {
  const target = document.nodes[end.node];
  if (target === undefined) {
    return { document, ids: [] };
  }
  const { width } = shapeOf(target, catalogue.types.get(target.type), new Set());
  const at = { x: target.x - GAP, y: target.y + 60 };
  if (end.socket === MAIN_WIRE || !suppliesByWire(type, target, end.socket, catalogue)) {
    return addLinked(document, type, at, end, catalogue);
  }
  const id = freshId(document, type.title);
  const before = target.inputs[MAIN_WIRE];
  const room = roomBefore(document, target, width + GAP);
  const x = before === undefined ? target.x - width - GAP : target.x;
  const node = { ...makeNode(id, type.id, onGrid(x), target.y), inputs: onlyGiven(before) };
  const moved = before === undefined ? document : room;
  const wire = { from: id, output: MAIN_WIRE, to: target.id, input: MAIN_WIRE };
  return { document: connect(addNode(moved, node), wire), ids: [id] };
}

function onlyGiven(before: GraphNode["inputs"][string] | undefined): GraphNode["inputs"] {
  return before === undefined ? {} : { [MAIN_WIRE]: before };
}

/** Whether a node type writes an input's name to the main wire that its node reads. */
function suppliesByWire(
  type: NodeType,
  target: GraphNode,
  socket: string,
  catalogue: Catalogue,
): boolean {
  const isOnWire = (found: NodeType | undefined): boolean =>
    found?.inputs?.some(({ name }) => name === MAIN_WIRE) === true;
  return (
    outputOf(type, socket) !== undefined &&
    outputOf(type, MAIN_WIRE) !== undefined &&
    isOnWire(type) &&
    isOnWire(catalogue.types.get(target.type))
  );
}

/** Move a node, and all that lies to the right of it at its height, to make room. */
function roomBefore(document: GraphDocument, target: GraphNode, width: number): GraphDocument {
  const nodes = Object.fromEntries(
    Object.values(document.nodes).map((node) => {
      const isAfter = node.x >= target.x && Math.abs(node.y - target.y) < 500;
      return [node.id, isAfter ? { ...node, x: onGrid(node.x + width) } : node];
    }),
  );
  return { ...document, nodes };
}
