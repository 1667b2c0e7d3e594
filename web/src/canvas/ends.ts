/** Ends of wires: which sockets a loose end fits, and which one is meant by a place on the canvas. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf } from "../catalogue/catalogue";
import type { SocketType } from "../catalogue/types";
import type { Place } from "../graph/edit";
import { bestInput, bestOutput } from "../graph/fits";
import { shapeIn, socketOnCanvas } from "../graph/frames";
import { NODE_WIDTH } from "../graph/geometry";
import { linkedInputs } from "../graph/insert";
import type { GraphDocument, GraphNode, Wire } from "../graph/model";
import { REROUTE } from "../graph/model";
import { downstreamOf, upstreamOf } from "../graph/reach";
import type { Validity } from "../graph/rules";
import { mayConnect, mayFlow, sourceType, targetType } from "../graph/rules";
import { socketsOf } from "./flow";

/** No node is taller than this: farther ones need not be looked at. */
const TALLEST = 6000;

export type Side = "in" | "out";

/** A socket of a node. */
export interface WireEnd {
  readonly node: string;
  readonly side: Side;
  readonly socket: string;
}

/** What a link would end in, and whether it may. */
export interface LinkTarget {
  readonly end: WireEnd;
  readonly wire: Wire;
  readonly validity: Validity | SameSide;
}

/** Two inputs or two outputs cannot be linked. */
export interface SameSide {
  readonly isValid: false;
  readonly reason: "wire.bothInputs" | "wire.bothOutputs";
  readonly source: string;
  readonly target: string;
}

export function endKey({ node, side, socket }: WireEnd): string {
  return `${side} ${socket} ${node}`;
}

export function typeOfEnd(
  document: GraphDocument,
  { node, side, socket }: WireEnd,
  catalogue: Catalogue,
): SocketType | undefined {
  return side === "out"
    ? sourceType(document, node, socket, catalogue)
    : targetType(document, node, socket, catalogue);
}

/** The wire between two ends, from the output to the input. */
export function wireBetween(one: WireEnd, other: WireEnd): Wire {
  const [from, to] = one.side === "out" ? [one, other] : [other, one];
  return { from: from.node, output: from.socket, to: to.node, input: to.socket };
}

/** Whether a wire from one end may end in another, and why not. */
export function judge(
  document: GraphDocument,
  loose: WireEnd,
  end: WireEnd,
  catalogue: Catalogue,
): LinkTarget {
  const wire = wireBetween(loose, end);
  if (loose.side === end.side && loose.node !== end.node) {
    const reason = loose.side === "in" ? "wire.bothInputs" : "wire.bothOutputs";
    return { end, wire, validity: { isValid: false, reason, source: "", target: "" } };
  }
  return { end, wire, validity: mayConnect(document, wire, catalogue) };
}

/** Keys of all sockets that a loose end may be linked to, folded ones too. */
export function fittingEnds(
  document: GraphDocument,
  loose: WireEnd,
  catalogue: Catalogue,
): ReadonlySet<string> {
  const type = typeOfEnd(document, loose, catalogue);
  const found = new Set<string>();
  if (type === undefined) {
    return found;
  }
  const side: Side = loose.side === "out" ? "in" : "out";
  // What a node needs cannot take its result, and what needs a node cannot give it a value.
  const isBarred =
    side === "in" ? upstreamOf(document, [loose.node]) : downstreamOf(document, [loose.node]);
  for (const node of Object.values(document.nodes)) {
    if (isBarred.has(node.id)) {
      continue;
    }
    for (const socket of socketNames(node, side, catalogue)) {
      const end: WireEnd = { node: node.id, side, socket };
      const other = typeOfEnd(document, end, catalogue);
      const [source, target] = side === "in" ? [type, other] : [other, type];
      if (source !== undefined && target !== undefined) {
        if (mayFlow(source, target, catalogue.accepts).isValid) {
          found.add(endKey(end));
        }
      }
    }
  }
  return found;
}

/** The sockets of one side of a node; fields of a bundle as far as they are linked. */
function socketNames(node: GraphNode, side: Side, catalogue: Catalogue): readonly string[] {
  const type = catalogue.types.get(node.type);
  if (side === "out") {
    return type?.outputs?.map(({ name }) => name) ?? [];
  }
  const declared = type?.inputs?.map(({ name }) => name) ?? [];
  const fields = Object.keys(node.inputs).filter((name) => name.includes("."));
  return fields.length === 0
    ? declared
    : [...declared, ...fields.filter((name) => inputOf(type, name) !== undefined)];
}

/** The socket nearest to a place within a distance; one that fits goes before one that does not. */
export function nearestEnd(
  document: GraphDocument,
  place: Place,
  distance: number,
  catalogue: Catalogue,
  fitting: ReadonlySet<string>,
): WireEnd | undefined {
  let found: WireEnd | undefined;
  let least = distance;
  for (const node of Object.values(document.nodes)) {
    const [across, down] = [place.x - node.x, place.y - node.y];
    const isNear =
      across > -distance && across < NODE_WIDTH + distance && down > -distance && down < TALLEST;
    if (!isNear) {
      continue;
    }
    for (const { side, name } of socketsOf(node, shapeIn(document, node, catalogue))) {
      const end: WireEnd = { node: node.id, side, socket: name };
      const at = socketOnCanvas(document, node, side, name, catalogue);
      const far = Math.hypot(at.x - place.x, at.y - place.y);
      // One that does not fit is meant only by who is right upon it.
      const weighed = fitting.has(endKey(end)) ? far : far * 2;
      if (weighed < least) {
        least = weighed;
        found = end;
      }
    }
  }
  return found;
}

/** The socket that is meant by a link dropped on the body of a node; undefined where none fits. */
export function bestEndOf(
  document: GraphDocument,
  loose: WireEnd,
  id: string,
  catalogue: Catalogue,
): WireEnd | undefined {
  const node = document.nodes[id];
  const type = typeOfEnd(document, loose, catalogue);
  if (node === undefined || type === undefined || id === loose.node) {
    return undefined;
  }
  const side: Side = loose.side === "out" ? "in" : "out";
  if (node.type === REROUTE) {
    return { node: id, side, socket: "value" };
  }
  const nodeType = catalogue.types.get(node.type);
  const wanted = { type, name: loose.socket };
  const socket =
    side === "in"
      ? bestInput(nodeType, wanted, catalogue, linkedInputs(node))
      : bestOutput(nodeType, wanted, catalogue);
  return socket === undefined ? undefined : { node: id, side, socket: socket.name };
}
