/** Nodes that come into a graph by where they are dropped: on a wire, or beside a chain. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf, outputOf } from "../catalogue/catalogue";
import type { NodeType } from "../catalogue/types";
import type { Place } from "./edit";
import { addNode, connect, freshId } from "./edit";
import { bestInput, bestOutput } from "./fits";
import { socketOnCanvas, usedOutputs } from "./frames";
import { REROUTE_SIZE } from "./geometry";
import type { GraphDocument, GraphNode, NodeId, Wire } from "./model";
import { MAIN_WIRE, makeNode, REROUTE } from "./model";
import { mayConnect, reaches, sourceType, targetType } from "./rules";

/** A document, and the ids of what came into it. */
export interface Placed {
  readonly document: GraphDocument;
  readonly ids: readonly string[];
}

/** The sockets by which a node can be put into a wire. */
export interface InsertFit {
  readonly input: string;
  readonly output: string;
}

/** How ``node`` would be put into a wire; undefined where it does not fit or is in use already. */
export function insertFit(
  document: GraphDocument,
  wire: Wire,
  node: GraphNode,
  catalogue: Catalogue,
): InsertFit | undefined {
  const type = catalogue.types.get(node.type);
  const source = sourceType(document, wire.from, wire.output, catalogue);
  const target = targetType(document, wire.to, wire.input, catalogue);
  if (type === undefined || source === undefined || target === undefined) {
    return undefined;
  }
  if (node.id === wire.from || node.id === wire.to || makesCircle(document, wire, node.id)) {
    return undefined;
  }
  const input = bestInput(type, { type: source, name: wire.output }, catalogue, linkedInputs(node));
  const output = bestOutput(type, { type: target, name: wire.input }, catalogue);
  if (input === undefined || output === undefined || node.inputs[input.name]?.kind === "link") {
    return undefined;
  }
  const isInChain = usedOutputs(document).get(node.id)?.has(output.name) === true;
  return isInChain ? undefined : { input: input.name, output: output.name };
}

function makesCircle(document: GraphDocument, wire: Wire, id: NodeId): boolean {
  return (
    id in document.nodes && (reaches(document, id, wire.from) || reaches(document, wire.to, id))
  );
}

/** Put a node, new or drawn, into a wire; the document stays the same where it does not fit. */
export function insertOnWire(
  document: GraphDocument,
  wire: Wire,
  node: GraphNode,
  catalogue: Catalogue,
): GraphDocument {
  const fit = insertFit(document, wire, node, catalogue);
  if (fit === undefined) {
    return document;
  }
  const { from, output, to, input } = wire;
  const before = connect(addNode(document, node), { from, output, to: node.id, input: fit.input });
  return connect(before, { from: node.id, output: fit.output, to, input });
}

/** A bend in a wire, at a place on the canvas; ``at`` is its middle. */
export function insertReroute(document: GraphDocument, wire: Wire, at: Place): Placed {
  const id = freshId(document, "reroute");
  const node = makeNode(id, REROUTE, at.x - REROUTE_SIZE / 2, at.y - REROUTE_SIZE / 2);
  const { from, output, to, input } = wire;
  const before = connect(addNode(document, node), { from, output, to: id, input: "value" });
  return { document: connect(before, { from: id, output: "value", to, input }), ids: [id] };
}

/** The wire that would join a node to the chain it was dropped beside, within a distance. */
export function joinOffer(
  document: GraphDocument,
  id: NodeId,
  catalogue: Catalogue,
  distance: number,
): Wire | undefined {
  const node = document.nodes[id];
  if (node === undefined || node.type === REROUTE) {
    return undefined;
  }
  let found: Wire | undefined;
  let least = distance;
  for (const other of Object.values(document.nodes)) {
    if (other.id === id || !isNear(node, other, distance)) {
      continue;
    }
    for (const wire of [
      freeWire(document, other, node, catalogue),
      freeWire(document, node, other, catalogue),
    ]) {
      const cost = wire === undefined ? distance : lengthOf(document, wire, catalogue);
      if (cost < least) {
        found = wire;
        least = cost;
      }
    }
  }
  return found;
}

/** No shape is needed to leave out what is far away. */
function isNear(node: GraphNode, other: GraphNode, distance: number): boolean {
  return (
    Math.abs(node.x - other.x) < 600 + distance && Math.abs(node.y - other.y) < 1200 + distance
  );
}

/** The main wire between two nodes, or else the value that the second needs; none that replaces one. */
function freeWire(
  document: GraphDocument,
  from: GraphNode,
  to: GraphNode,
  catalogue: Catalogue,
): Wire | undefined {
  const [giver, taker] = [catalogue.types.get(from.type), catalogue.types.get(to.type)];
  if (from.type === REROUTE || to.type === REROUTE || linksTo(to, from.id)) {
    return undefined;
  }
  const isMain =
    outputOf(giver, MAIN_WIRE)?.type === "PIPELINE" &&
    inputOf(taker, MAIN_WIRE)?.type === "PIPELINE";
  const sockets = isMain ? [MAIN_WIRE, MAIN_WIRE] : neededValue(giver, taker, to, catalogue);
  const [output, input] = sockets ?? [];
  if (output === undefined || input === undefined || to.inputs[input]?.kind === "link") {
    return undefined;
  }
  const wire = { from: from.id, output, to: to.id, input };
  return mayConnect(document, wire, catalogue).isValid ? wire : undefined;
}

function linksTo(node: GraphNode, id: NodeId): boolean {
  return Object.values(node.inputs).some((input) => input.kind === "link" && input.node === id);
}

function neededValue(
  giver: NodeType | undefined,
  taker: NodeType | undefined,
  to: GraphNode,
  catalogue: Catalogue,
): [string, string] | undefined {
  for (const input of taker?.inputs ?? []) {
    const isNeeded = input.is_required === true && !(input.name in to.inputs);
    if (isNeeded && input.type !== "ANY" && input.type !== "PIPELINE") {
      const outputs = giver?.outputs?.filter(({ type }) => type !== "ANY") ?? [];
      const output = bestOutput(giver && { ...giver, outputs }, input, catalogue);
      if (output !== undefined) {
        return [output.name, input.name];
      }
    }
  }
  return undefined;
}

/** How long a wire would be; longer where it runs backwards or branches off. */
function lengthOf(document: GraphDocument, wire: Wire, catalogue: Catalogue): number {
  const [from, to] = [document.nodes[wire.from], document.nodes[wire.to]];
  if (from === undefined || to === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const start = socketOnCanvas(document, from, "out", wire.output, catalogue);
  const end = socketOnCanvas(document, to, "in", wire.input, catalogue);
  const isBranch = usedOutputs(document).get(wire.from)?.has(wire.output) === true;
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  return length * (end.x < start.x - 20 ? 3 : 1) * (isBranch ? 1.5 : 1);
}

export function linkedInputs(node: GraphNode): ReadonlySet<string> {
  return new Set(
    Object.entries(node.inputs)
      .filter(([, input]) => input.kind === "link")
      .map(([name]) => name),
  );
}
