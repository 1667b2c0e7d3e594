/** Changes of a document, each a pure function from one document to the next. */

import type {
  GraphDocument,
  GraphNode,
  Group,
  Input,
  Json,
  Mode,
  NodeId,
  Note,
  Wire,
} from "./model";

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** An id that no node, note or group has yet: ``denoise``, ``denoise_2`` … */
export function freshId(document: GraphDocument, wanted: string): string {
  const stem =
    wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "") || "node";
  const isTaken = (id: string): boolean =>
    id in document.nodes || id in document.notes || id in document.groups;
  let found = stem;
  for (let count = 2; isTaken(found); count += 1) {
    found = `${stem}_${count}`;
  }
  return found;
}

export function addNode(document: GraphDocument, node: GraphNode): GraphDocument {
  return { ...document, nodes: { ...document.nodes, [node.id]: node } };
}

/** Change one node; the document stays the same where nothing changes. */
export function changeNode(
  document: GraphDocument,
  id: NodeId,
  change: Partial<GraphNode>,
): GraphDocument {
  const node = document.nodes[id];
  if (node === undefined) {
    return document;
  }
  return { ...document, nodes: { ...document.nodes, [id]: { ...node, ...change } } };
}

export function setInput(
  document: GraphDocument,
  id: NodeId,
  name: string,
  input: Input | undefined,
): GraphDocument {
  const node = document.nodes[id];
  if (node === undefined) {
    return document;
  }
  const { [name]: _, ...others } = node.inputs;
  const inputs = input === undefined ? others : { ...node.inputs, [name]: input };
  return changeNode(document, id, { inputs });
}

export function typeValue(
  document: GraphDocument,
  id: NodeId,
  name: string,
  value: Json | undefined,
): GraphDocument {
  return setInput(document, id, name, value === undefined ? undefined : { kind: "typed", value });
}

/** Draw a wire; one that ends in the same input gives way. */
export function connect(document: GraphDocument, wire: Wire): GraphDocument {
  const link: Input = { kind: "link", node: wire.from, output: wire.output };
  return setInput(document, wire.to, wire.input, link);
}

export function disconnect(document: GraphDocument, to: NodeId, input: string): GraphDocument {
  return document.nodes[to]?.inputs[input]?.kind === "link"
    ? setInput(document, to, input, undefined)
    : document;
}

/** Take away nodes, notes and groups, and the wires that ended in them. */
export function remove(document: GraphDocument, ids: ReadonlySet<string>): GraphDocument {
  const nodes: Record<NodeId, GraphNode> = {};
  for (const node of Object.values(document.nodes)) {
    if (!ids.has(node.id)) {
      nodes[node.id] = withoutLinksTo(node, ids);
    }
  }
  return {
    ...document,
    nodes,
    notes: withoutKeys(document.notes, ids),
    groups: withoutKeys(document.groups, ids),
  };
}

function withoutLinksTo(node: GraphNode, ids: ReadonlySet<string>): GraphNode {
  const kept = Object.entries(node.inputs).filter(
    ([, input]) => input.kind !== "link" || !ids.has(input.node),
  );
  return kept.length === Object.keys(node.inputs).length
    ? node
    : { ...node, inputs: Object.fromEntries(kept) };
}

function withoutKeys<T>(
  items: Readonly<Record<string, T>>,
  ids: ReadonlySet<string>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(items).filter(([id]) => !ids.has(id)));
}

/** Put nodes, notes and groups where they were dragged. */
export function move(
  document: GraphDocument,
  places: Readonly<Record<string, Place>>,
): GraphDocument {
  return {
    ...document,
    nodes: moved(document.nodes, places),
    notes: moved(document.notes, places),
    groups: moved(document.groups, places),
  };
}

function moved<T extends Place>(
  items: Readonly<Record<string, T>>,
  places: Readonly<Record<string, Place>>,
): Readonly<Record<string, T>> {
  const next: Record<string, T> = { ...items };
  for (const [id, { x, y }] of Object.entries(places)) {
    const item = items[id];
    if (item !== undefined && (item.x !== x || item.y !== y)) {
      next[id] = { ...item, x, y };
    }
  }
  return next;
}

export function setMode(document: GraphDocument, ids: Iterable<NodeId>, mode: Mode): GraphDocument {
  let next = document;
  for (const id of ids) {
    next = changeNode(next, id, { mode });
  }
  return next;
}

export function putNote(document: GraphDocument, note: Note): GraphDocument {
  return { ...document, notes: { ...document.notes, [note.id]: note } };
}

export function putGroup(document: GraphDocument, group: Group): GraphDocument {
  return { ...document, groups: { ...document.groups, [group.id]: group } };
}
