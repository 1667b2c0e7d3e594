/** Changes of a document, each a pure function from one document to the next. */

import { isLoadSetting, typeByInputs } from "./loadBlock";
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
import { REROUTE } from "./model";

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** An id that nothing has yet: ``denoise``, ``denoise_2`` …; numbers are counted up. */
export function freshId(
  document: GraphDocument,
  wanted: string,
  taken: Readonly<Record<string, unknown>> = {},
): string {
  const isTaken = (id: string): boolean =>
    [document.nodes, document.notes, document.groups, taken].some((ids) => Object.hasOwn(ids, id));
  const whole = idOf(wanted);
  if (!isTaken(whole)) {
    return whole;
  }
  const isNumber = /^\d+$/.test(whole);
  const stem = isNumber ? "" : `${whole.replace(/_\d+$/, "")}_`;
  let count = isNumber ? Number(whole) + 1 : 2;
  while (isTaken(`${stem}${count}`)) {
    count += 1;
  }
  return `${stem}${count}`;
}

function idOf(wanted: string): string {
  const plain = wanted.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  return plain.replaceAll(/^_+|_+$/g, "") || "node";
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
  const isSame = Object.entries(change).every(
    ([name, value]) => node[name as keyof GraphNode] === value,
  );
  return isSame
    ? document
    : { ...document, nodes: { ...document.nodes, [id]: { ...node, ...change } } };
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
  const type = isLoadSetting(name) ? typeByInputs(node.type, inputs) : node.type;
  return changeNode(document, id, { inputs, type });
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
  const { nodes: all, notes, groups } = document;
  if (![...ids].some((id) => id in all || id in notes || id in groups)) {
    return document;
  }
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
  const nodes = moved(document.nodes, places);
  const notes = moved(document.notes, places);
  const groups = moved(document.groups, places);
  const isSame = nodes === document.nodes && notes === document.notes && groups === document.groups;
  return isSame ? document : { ...document, nodes, notes, groups };
}

function moved<T extends Place>(
  items: Readonly<Record<string, T>>,
  places: Readonly<Record<string, Place>>,
): Readonly<Record<string, T>> {
  const changed: Record<string, T> = {};
  for (const [id, { x, y }] of Object.entries(places)) {
    const item = items[id];
    if (item !== undefined && (item.x !== x || item.y !== y)) {
      changed[id] = { ...item, x, y };
    }
  }
  return Object.keys(changed).length === 0 ? items : { ...items, ...changed };
}

/** Change several nodes; reroutes are left out, they are only bends. */
export function changeNodes(
  document: GraphDocument,
  ids: Iterable<NodeId>,
  change: Partial<GraphNode>,
): GraphDocument {
  let next = document;
  for (const id of ids) {
    if (next.nodes[id]?.type !== REROUTE) {
      next = changeNode(next, id, change);
    }
  }
  return next;
}

/** Mute or bypass nodes; where all of them are already, they become active again. */
export function toggleMode(
  document: GraphDocument,
  ids: Iterable<NodeId>,
  mode: Exclude<Mode, "active">,
): GraphDocument {
  const nodes = realNodes(document, ids);
  const areAll = nodes.length > 0 && nodes.every((node) => node.mode === mode);
  return changeNodes(
    document,
    nodes.map(({ id }) => id),
    { mode: areAll ? "active" : mode },
  );
}

/** Collapse nodes, or fold their less used sockets out; where all of them are, the other way. */
export function toggleFlag(
  document: GraphDocument,
  ids: Iterable<NodeId>,
  flag: "isCollapsed" | "isUnfolded",
): GraphDocument {
  const nodes = realNodes(document, ids);
  const areAll = nodes.length > 0 && nodes.every((node) => node[flag]);
  return changeNodes(
    document,
    nodes.map(({ id }) => id),
    { [flag]: !areAll },
  );
}

function realNodes(document: GraphDocument, ids: Iterable<NodeId>): GraphNode[] {
  return [...ids].flatMap((id) => {
    const node = document.nodes[id];
    return node === undefined || node.type === REROUTE ? [] : [node];
  });
}

/** Give a node or group another title; "" gives a node its type's title again. */
export function rename(document: GraphDocument, id: string, title: string): GraphDocument {
  const [node, group] = [document.nodes[id], document.groups[id]];
  if (node !== undefined && node.title !== title) {
    return changeNode(document, id, { title });
  }
  return group === undefined || group.title === title
    ? document
    : putGroup(document, { ...group, title });
}

export function putNote(document: GraphDocument, note: Note): GraphDocument {
  return { ...document, notes: { ...document.notes, [note.id]: note } };
}

export function putGroup(document: GraphDocument, group: Group): GraphDocument {
  return { ...document, groups: { ...document.groups, [group.id]: group } };
}
