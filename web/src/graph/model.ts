/** The drawn graph as plain immutable data; it knows nothing about drawing or running. */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export type NodeId = string;

/** Where an input gets its value: an output of another node, by name. */
export interface Link {
  readonly kind: "link";
  readonly node: NodeId;
  readonly output: string;
}

/** A value the user typed. */
export interface Typed {
  readonly kind: "typed";
  readonly value: Json;
}

export type Input = Link | Typed;

/** Muted nodes do not run, nor does what needs them; bypassed ones hand on what they are given. */
export type Mode = "active" | "muted" | "bypassed";

export interface GraphNode {
  readonly id: NodeId;
  readonly type: string;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly isCollapsed: boolean;
  readonly mode: Mode;
  /** Whether the less used sockets are shown. */
  readonly isUnfolded: boolean;
  /** What other programs keep in the file's ``_meta``. */
  readonly meta: JsonObject;
}

export interface Note {
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A titled frame behind nodes; what lies in it moves with it. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All that is undoable. Nodes are in the order in which they were drawn. */
export interface GraphDocument {
  readonly nodes: Readonly<Record<NodeId, GraphNode>>;
  readonly notes: Readonly<Record<string, Note>>;
  readonly groups: Readonly<Record<string, Group>>;
  /** What else the file has under ``extra``. */
  readonly extra: JsonObject;
}

/** A node type that only the editor knows: a bend in a wire. */
export const REROUTE = "Reroute";
export const MAIN_WIRE = "pipeline";

export const EMPTY_DOCUMENT: GraphDocument = { nodes: {}, notes: {}, groups: {}, extra: {} };

export function makeNode(id: NodeId, type: string, x: number, y: number, title = ""): GraphNode {
  return {
    id,
    type,
    inputs: {},
    title,
    x,
    y,
    isCollapsed: false,
    mode: "active",
    isUnfolded: false,
    meta: {},
  };
}

export interface Wire {
  readonly from: NodeId;
  readonly output: string;
  readonly to: NodeId;
  readonly input: string;
}

/** Every link of a document, as wires. */
export function wiresOf(document: GraphDocument): Wire[] {
  const wires: Wire[] = [];
  for (const node of Object.values(document.nodes)) {
    for (const [input, value] of Object.entries(node.inputs)) {
      if (value.kind === "link") {
        wires.push({ from: value.node, output: value.output, to: node.id, input });
      }
    }
  }
  return wires;
}
