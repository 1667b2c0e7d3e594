/** The document as the canvas library wants it; what did not change stays the same object. */

import type { Edge, Node, NodeHandle } from "@xyflow/react";
import { Position } from "@xyflow/react";
import type { Catalogue } from "../catalogue/catalogue";
import type { NodeShape } from "../graph/geometry";
import { shapeOf, socketPlace } from "../graph/geometry";
import type { GraphDocument, GraphNode, Group, NodeId, Note, Wire } from "../graph/model";
import { MAIN_WIRE, REROUTE, wiresOf } from "../graph/model";
import { sourceType } from "../graph/rules";

export type BlockFlowNode = Node<{ node: GraphNode; shape: NodeShape }, "block" | "reroute">;
export type NoteFlowNode = Node<{ note: Note }, "note">;
export type GroupFlowNode = Node<{ group: Group }, "group">;
export type FlowNode = BlockFlowNode | NoteFlowNode | GroupFlowNode;
export type FlowEdge = Edge<{ type: string; isMain: boolean }>;

const SOCKET = 12;

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
    for (const group of Object.values(document.groups)) {
      keep(group.id, group, "", () => groupNode(group));
    }
    for (const note of Object.values(document.notes)) {
      keep(note.id, note, "", () => noteNode(note));
    }
    for (const node of Object.values(document.nodes)) {
      const outputs = used.get(node.id) ?? NONE;
      keep(node.id, node, [...outputs].join(" "), () => blockNode(node, catalogue, outputs));
    }
    this.nodes = next;
    return [...next.values()].map(({ node }) => node);
  }

  buildEdges(document: GraphDocument, catalogue: Catalogue): FlowEdge[] {
    const next: typeof this.edges = new Map();
    for (const wire of wiresOf(document)) {
      const id = wireId(wire);
      const type = sourceType(document, wire.from, wire.output, catalogue) ?? "ANY";
      const known = this.edges.get(id);
      next.set(id, known?.data?.type === type ? known : edge(id, wire, type));
    }
    this.edges = next;
    return [...next.values()];
  }
}

const NONE: ReadonlySet<string> = new Set();

export function usedOutputs(document: GraphDocument): ReadonlyMap<NodeId, ReadonlySet<string>> {
  const used = new Map<NodeId, Set<string>>();
  for (const { from, output } of wiresOf(document)) {
    const outputs = used.get(from) ?? new Set<string>();
    used.set(from, outputs.add(output));
  }
  return used;
}

export function wireId({ from, output, to, input }: Wire): string {
  return JSON.stringify([from, output, to, input]);
}

export function wireOfId(id: string): Wire {
  const [from, output, to, input] = JSON.parse(id) as [string, string, string, string];
  return { from, output, to, input };
}

function edge(id: string, wire: Wire, type: string): FlowEdge {
  const isMain = type === "PIPELINE";
  return {
    id,
    type: "wire",
    source: wire.from,
    sourceHandle: wire.output,
    target: wire.to,
    targetHandle: wire.input,
    data: { type, isMain },
    ariaLabel: `${wire.from}.${wire.output} → ${wire.to}.${wire.input}`,
  };
}

function blockNode(
  node: GraphNode,
  catalogue: Catalogue,
  used: ReadonlySet<string>,
): BlockFlowNode {
  const shape = shapeOf(node, catalogue.types.get(node.type), used);
  return {
    id: node.id,
    type: node.type === REROUTE ? "reroute" : "block",
    position: { x: node.x, y: node.y },
    data: { node, shape },
    initialWidth: shape.width,
    initialHeight: shape.height,
    handles: handlesOf(node, shape),
    ...(node.type === REROUTE ? {} : { dragHandle: ".drag-handle" }),
  };
}

function handlesOf(node: GraphNode, shape: NodeShape): NodeHandle[] {
  const handles: NodeHandle[] = [];
  const add = (side: "in" | "out", name: string): void => {
    const { x, y } = socketPlace(shape, side, name);
    handles.push({
      id: name,
      type: side === "in" ? "target" : "source",
      position: side === "in" ? Position.Left : Position.Right,
      x: x - SOCKET / 2,
      y: y - SOCKET / 2,
      width: SOCKET,
      height: SOCKET,
    });
  };
  if (node.type === REROUTE) {
    add("in", "value");
    add("out", "value");
    return handles;
  }
  if (shape.hasMainInput) {
    add("in", MAIN_WIRE);
  }
  if (shape.hasMainOutput) {
    add("out", MAIN_WIRE);
  }
  for (const name of inputNames(node, shape)) {
    add("in", name);
  }
  for (const name of outputNames(shape)) {
    add("out", name);
  }
  return handles;
}

/** Inputs that have a handle: those shown, and of a collapsed node those that are linked. */
export function inputNames(node: GraphNode, shape: NodeShape): string[] {
  if (node.isCollapsed) {
    return Object.entries(node.inputs)
      .filter(([name, input]) => input.kind === "link" && name !== MAIN_WIRE)
      .map(([name]) => name);
  }
  return shape.rows.flatMap(({ input }) => (input === null ? [] : [input.name]));
}

export function outputNames(shape: NodeShape): readonly string[] {
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
  };
}

function groupNode(group: Group): GroupFlowNode {
  return {
    id: group.id,
    type: "group",
    position: { x: group.x, y: group.y },
    data: { group },
    width: group.width,
    height: group.height,
    zIndex: -10,
    dragHandle: ".drag-handle",
  };
}
