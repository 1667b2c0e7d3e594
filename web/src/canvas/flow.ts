/** The document as the canvas library wants it; what did not change stays the same object. */

import type { Edge, Node, NodeHandle } from "@xyflow/react";
import { Position } from "@xyflow/react";
import type { Catalogue } from "../catalogue/catalogue";
import { shapeIn, usedOutputs } from "../graph/frames";
import type { NodeShape } from "../graph/geometry";
import { socketPlace } from "../graph/geometry";
import type { GraphDocument, GraphNode, Group, Note, Wire } from "../graph/model";
import { MAIN_WIRE, REROUTE, wiresOf } from "../graph/model";
import { sourceType } from "../graph/rules";

export type BlockFlowNode = Node<{ node: GraphNode; shape: NodeShape }, "block" | "reroute">;
export type NoteFlowNode = Node<{ note: Note }, "note">;
export type GroupFlowNode = Node<{ group: Group }, "frame">;
export type FlowNode = BlockFlowNode | NoteFlowNode | GroupFlowNode;
export type FlowEdge = Edge<{ type: string; isMain: boolean }>;

/** The size of a socket, and of the main wire's; where they are drawn, it has to be the same. */
export const SOCKET = 12;
export const MAIN_SOCKET = { width: 12, height: 18 };

/** Builds flow nodes and edges, and remembers what it built. */
export class FlowBuilder {
  private nodes = new Map<string, { source: object; used: string; node: FlowNode }>();
  private edges = new Map<string, FlowEdge>();

  buildNodes(
    document: GraphDocument,
    catalogue: Catalogue,
    selection: ReadonlySet<string>,
  ): FlowNode[] {
    const used = usedOutputs(document);
    const next: typeof this.nodes = new Map();
    const keep = (id: string, source: object, usedKey: string, make: () => FlowNode): void => {
      const known = this.nodes.get(id);
      const isSame = known?.source === source && known.used === usedKey;
      const node = isSame ? known.node : make();
      const isSelected = selection.has(id);
      const found = node.selected === isSelected ? node : { ...node, selected: isSelected };
      next.set(id, { source, used: usedKey, node: found });
    };
    // The largest first, so that a group inside another lies above it.
    for (const group of Object.values(document.groups).toSorted((a, b) => areaOf(b) - areaOf(a))) {
      keep(group.id, group, "", () => groupNode(group));
    }
    for (const note of Object.values(document.notes)) {
      keep(note.id, note, "", () => noteNode(note));
    }
    for (const node of Object.values(document.nodes)) {
      const outputs = [...(used.get(node.id) ?? [])].join(" ");
      keep(node.id, node, outputs, () => blockNode(node, document, catalogue));
    }
    this.nodes = next;
    return [...next.values()].map(({ node }) => node);
  }

  buildEdges(
    document: GraphDocument,
    catalogue: Catalogue,
    selection: ReadonlySet<string>,
  ): FlowEdge[] {
    const next: typeof this.edges = new Map();
    for (const wire of wiresOf(document)) {
      const id = wireId(wire);
      const type = sourceType(document, wire.from, wire.output, catalogue) ?? "ANY";
      const known = this.edges.get(id);
      const isSelected = selection.has(id);
      const isSame = known?.data?.type === type && known.selected === isSelected;
      next.set(id, isSame ? known : edge(id, wire, type, isSelected));
    }
    this.edges = next;
    return [...next.values()];
  }
}

/** A wire by its ends: what selections and flow edges know it by. */
export function wireId({ from, output, to, input }: Wire): string {
  return JSON.stringify([from, output, to, input]);
}

/** Whether an id of a selection stands for a wire. */
export function isWireId(id: string): boolean {
  return id.startsWith('["') && id.endsWith('"]');
}

export function wireOfId(id: string): Wire {
  const [from, output, to, input] = JSON.parse(id) as [string, string, string, string];
  return { from, output, to, input };
}

function areaOf({ width, height }: Group): number {
  return width * height;
}

function edge(id: string, wire: Wire, type: string, isSelected: boolean): FlowEdge {
  return {
    id,
    type: "wire",
    source: wire.from,
    sourceHandle: wire.output,
    target: wire.to,
    targetHandle: wire.input,
    selected: isSelected,
    data: { type, isMain: type === "PIPELINE" },
    ariaLabel: `${wire.from}.${wire.output} → ${wire.to}.${wire.input}`,
  };
}

function blockNode(node: GraphNode, document: GraphDocument, catalogue: Catalogue): BlockFlowNode {
  const shape = shapeIn(document, node, catalogue);
  const isBend = node.type === REROUTE;
  return {
    id: node.id,
    type: isBend ? "reroute" : "block",
    position: { x: node.x, y: node.y },
    data: { node, shape },
    initialWidth: shape.width,
    initialHeight: shape.height,
    // Known from the start, so that what is off screen counts where the whole graph is measured.
    measured: { width: shape.width, height: shape.height },
    handles: handlesOf(node, shape),
    domAttributes: { "aria-labelledby": nodeNameId(node.id) },
  };
}

/** The element that has the name of a node in it, for screen readers. */
export function nodeNameId(id: string): string {
  return `node-name-${id}`;
}

/** Every socket with its place, exactly as it is drawn. */
export function handlesOf(node: GraphNode, shape: NodeShape): NodeHandle[] {
  return socketsOf(node, shape).map(({ side, name }) => {
    const { x, y } = socketPlace(shape, side, name);
    const { width, height } = name === MAIN_WIRE ? MAIN_SOCKET : { width: SOCKET, height: SOCKET };
    return {
      id: name,
      type: side === "in" ? "target" : "source",
      position: side === "in" ? Position.Left : Position.Right,
      x: x - width / 2,
      y: y - height / 2,
      width,
      height,
    };
  });
}

export interface DrawnSocket {
  readonly side: "in" | "out";
  readonly name: string;
}

/** The sockets of a node that are drawn; of a collapsed one those with wires. */
export function socketsOf(node: GraphNode, shape: NodeShape): readonly DrawnSocket[] {
  if (node.type === REROUTE) {
    return [
      { side: "in", name: "value" },
      { side: "out", name: "value" },
    ];
  }
  const found: DrawnSocket[] = [];
  if (shape.hasMainInput) {
    found.push({ side: "in", name: MAIN_WIRE });
  }
  if (shape.hasMainOutput) {
    found.push({ side: "out", name: MAIN_WIRE });
  }
  for (const name of inputNames(node, shape)) {
    found.push({ side: "in", name });
  }
  for (const name of outputNames(shape)) {
    found.push({ side: "out", name });
  }
  return found;
}

function inputNames(node: GraphNode, shape: NodeShape): readonly string[] {
  if (node.isCollapsed) {
    return Object.entries(node.inputs)
      .filter(([name, input]) => input.kind === "link" && name !== MAIN_WIRE)
      .map(([name]) => name);
  }
  return shape.rows.flatMap(({ input }) => (input === null ? [] : [input.name]));
}

function outputNames(shape: NodeShape): readonly string[] {
  return shape.rows.length === 0
    ? shape.hiddenOutputs
    : shape.rows.flatMap(({ output }) => (output === null ? [] : [output.name]));
}

function noteNode(note: Note): NoteFlowNode {
  return {
    id: note.id,
    type: "note",
    position: { x: note.x, y: note.y },
    data: { note },
    width: note.width,
    height: note.height,
    measured: { width: note.width, height: note.height },
    handles: [],
    zIndex: -1,
    dragHandle: ".drag-handle",
    domAttributes: { "aria-labelledby": nodeNameId(note.id) },
  };
}

const BEHIND_ALL = -2000;

function groupNode(group: Group): GroupFlowNode {
  return {
    id: group.id,
    type: "frame",
    position: { x: group.x, y: group.y },
    data: { group },
    width: group.width,
    height: group.height,
    measured: { width: group.width, height: group.height },
    handles: [],
    zIndex: BEHIND_ALL,
    dragHandle: ".drag-handle",
    // Only its title can be grasped: a box can be drawn around what lies in it.
    style: { pointerEvents: "none" },
    domAttributes: { "aria-labelledby": nodeNameId(group.id) },
  };
}
