/**
 * Dragging nodes, notes and groups: one change at its end.
 *
 * What lies in a group goes along. With Alt held at the start the hand carries a copy away. A node
 * that is free is put into the wire it is dropped on, or offered to be joined to a chain beside it.
 */

import { duplicate } from "../graph/clipboard";
import type { Place } from "../graph/edit";
import { move } from "../graph/edit";
import { membersOf } from "../graph/groups";
import { currentCatalogue } from "../stores/catalogue";
import { drawAgain, useCanvas } from "../stores/canvas";
import { currentDocument, edit } from "../stores/document";
import { useGesture } from "../stores/gesture";
import { select } from "../stores/interface";
import type { FlowNode } from "./flow";
import { wireOfId } from "./flow";
import type { DropWire } from "./insertDrag";
import { insertWithRoom, wireBelow, wiresToDropOn } from "./insertDrag";
import { offerToJoin } from "./offers";

interface Drag {
  /** What the hand has grasped, and where it was. */
  readonly starts: ReadonlyMap<string, Place>;
  /** What goes along because it lies in a group, and where it was. */
  readonly followers: ReadonlyMap<string, Place>;
  readonly isCopy: boolean;
  readonly wires: readonly DropWire[];
}

let drag: Drag | undefined;

export function beginDrag(event: { readonly altKey: boolean }, nodes: readonly FlowNode[]): void {
  const starts = new Map(nodes.map((node) => [node.id, node.position]));
  const isCopy = event.altKey;
  const [only] = nodes;
  drag = {
    starts,
    followers: followersOf(starts),
    isCopy,
    wires: nodes.length === 1 && only !== undefined && !isCopy ? wiresToDropOn(only.id) : [],
  };
  useGesture.setState({
    offer: null,
    looked: null,
    leftBehind: isCopy ? [...starts.keys(), ...drag.followers.keys()] : [],
  });
}

/** What lies in the groups that are dragged, and is not dragged itself. */
function followersOf(starts: ReadonlyMap<string, Place>): ReadonlyMap<string, Place> {
  const document = currentDocument();
  const found = new Map<string, Place>();
  for (const id of starts.keys()) {
    const group = document.groups[id];
    const members = group === undefined ? [] : membersOf(document, group, currentCatalogue());
    for (const member of members) {
      const item = document.nodes[member] ?? document.notes[member] ?? document.groups[member];
      if (item !== undefined && !starts.has(member)) {
        found.set(member, { x: item.x, y: item.y });
      }
    }
  }
  return found;
}

export function whileDragging(nodes: readonly FlowNode[]): void {
  const [first] = nodes;
  if (drag === undefined || first === undefined) {
    return;
  }
  if (drag.followers.size > 0) {
    takeAlong(drag, first);
  }
  const wire = nodes.length === 1 ? wireBelow(drag.wires, first) : null;
  if (wire !== useGesture.getState().dropWire) {
    useGesture.setState({ dropWire: wire });
  }
}

function takeAlong({ starts, followers }: Drag, first: FlowNode): void {
  const shift = shiftOf(starts, first);
  useCanvas.setState(({ nodes }) => ({
    nodes: nodes.map((node) => {
      const start = followers.get(node.id);
      return start === undefined
        ? node
        : ({ ...node, position: { x: start.x + shift.x, y: start.y + shift.y } } as FlowNode);
    }),
  }));
}

function shiftOf(starts: ReadonlyMap<string, Place>, node: FlowNode): Place {
  const start = starts.get(node.id) ?? node.position;
  return { x: node.position.x - start.x, y: node.position.y - start.y };
}

export function endDrag(nodes: readonly FlowNode[]): void {
  const done = drag;
  const { dropWire } = useGesture.getState();
  drag = undefined;
  useGesture.setState({ dropWire: null, leftBehind: [] });
  const [first] = nodes;
  if (done === undefined || first === undefined) {
    return;
  }
  const shift = shiftOf(done.starts, first);
  if (done.isCopy) {
    dropCopy([...done.starts.keys()], shift);
  } else if (dropWire !== null) {
    dropOnWire(first, dropWire);
  } else {
    dropThere(nodes, done, shift);
  }
}

function dropCopy(ids: readonly string[], shift: Place): void {
  let copied: readonly string[] = [];
  if (shift.x !== 0 || shift.y !== 0) {
    edit("edit.duplicate", (document) => {
      const placed = duplicate(document, ids, currentCatalogue(), shift);
      copied = placed.ids;
      return placed.document;
    });
  }
  drawAgain();
  if (copied.length > 0) {
    select(copied);
  }
}

function dropOnWire({ id, position }: FlowNode, wire: string): void {
  edit("edit.insert", (document) =>
    insertWithRoom(move(document, { [id]: position }), id, wireOfId(wire), currentCatalogue()),
  );
}

function dropThere(nodes: readonly FlowNode[], { followers }: Drag, shift: Place): void {
  const places: Record<string, Place> = {};
  for (const [id, start] of followers) {
    places[id] = { x: start.x + shift.x, y: start.y + shift.y };
  }
  for (const { id, position } of nodes) {
    places[id] = position;
  }
  edit("edit.move", (document) => move(document, places));
  const [first] = nodes;
  if (nodes.length === 1 && first !== undefined) {
    offerToJoin(first.id);
  }
}
