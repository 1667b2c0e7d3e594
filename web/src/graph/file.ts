/**
 * The graph file: ComfyUI's API format, which is also what is posted to the server.
 *
 * ``prompt`` is always what runs. Where what is drawn differs from that (muted and bypassed nodes,
 * reroutes), ``extra.drawn`` has those nodes as they are drawn, and they stand when the file is read,
 * unless another program has changed the prompt since.
 */

import type { Catalogue } from "../catalogue/catalogue";
import { BLOCKS, idWithBlocks, partsOf, readBlocks, writeBlocks } from "./blocks";
import { effectiveNodes } from "./effective";
import { withPlaces } from "./layout";
import { LOAD_BLOCK, loadedFrom, typeByInputs } from "./loadBlock";
import type {
  GraphDocument,
  GraphNode,
  Group,
  Input,
  Json,
  JsonObject,
  Link,
  Mode,
  Note,
} from "./model";

export interface FileNode {
  readonly class_type: string;
  readonly inputs: JsonObject;
  readonly _meta?: JsonObject;
}

export interface GraphFile {
  readonly prompt: Readonly<Record<string, FileNode>>;
  readonly extra: JsonObject;
}

/** Why a file cannot be opened; ``reason`` is a key of the text catalogue. */
export class FileError extends Error {
  readonly reason: "file.noJson" | "file.noGraph" | "file.workflow" | "file.badNode";
  readonly place: string;

  constructor(reason: FileError["reason"], place = "") {
    super(`${reason} ${place}`.trim());
    this.name = "FileError";
    this.reason = reason;
    this.place = place;
  }
}

const WRAPPED = "__value__";

/** Read a graph from JSON; every node has a place then. Raises FileError. */
export function readFile(content: Json, catalogue: Catalogue): GraphDocument {
  const [prompt, extra] = envelope(content);
  const document: GraphDocument = {
    nodes: readNodes(prompt, catalogue),
    notes: {},
    groups: {},
    extra: without(extra, ["notes", "groups", "drawn"]),
  };
  const drawn = withDrawn(document, extra["drawn"], catalogue);
  const taken = new Set(Object.keys(drawn.nodes));
  const whole: GraphDocument = {
    ...drawn,
    notes: keyed(readList(extra["notes"], readNote), taken),
    groups: keyed(readList(extra["groups"], readGroup), taken),
  };
  return withPlaces(whole, catalogue);
}

/** The text of a file as JSON. Raises FileError. */
export function parseFile(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FileError("file.noJson");
  }
}

/** Write a document: ``prompt`` runs as it is in every program that reads this format. */
export function writeFile(document: GraphDocument, catalogue: Catalogue): GraphFile {
  const effective = effectiveNodes(document, catalogue);
  const prompt: Record<string, FileNode> = {};
  const drawn: Record<string, FileNode> = {};
  for (const node of Object.values(document.nodes)) {
    const runs = effective[node.id];
    if (runs !== undefined) {
      prompt[node.id] = writeNode(runs, document, catalogue);
    }
    if (runs !== node) {
      drawn[node.id] = writeNode(node, document, catalogue);
    }
  }
  const extra: Record<string, Json> = { ...document.extra };
  extra["groups"] = Object.values(document.groups).map((group) => ({ ...group }));
  extra["notes"] = Object.values(document.notes).map((note) => ({ ...note }));
  if (Object.keys(drawn).length > 0) {
    extra["drawn"] = drawn as unknown as JsonObject;
  }
  return { prompt, extra };
}

/** Whether this is what ComfyUI's editor saves: only the server can read that. */
export function isWorkflow(content: Json): content is JsonObject {
  return isObject(content) && Array.isArray(content["nodes"]) && "links" in content;
}

function envelope(content: Json): [JsonObject, JsonObject] {
  if (!isObject(content)) {
    throw new FileError("file.noGraph");
  }
  if (isWorkflow(content)) {
    throw new FileError("file.workflow");
  }
  const inner = content["prompt"];
  if (isObject(inner) && !("class_type" in inner)) {
    return [inner, isObject(content["extra"]) ? content["extra"] : {}];
  }
  return [content, {}];
}

function readNodes(prompt: JsonObject, catalogue: Catalogue): Record<string, GraphNode> {
  const nodes: Record<string, GraphNode> = {};
  for (const [id, content] of Object.entries(prompt)) {
    if (!isObject(content) || typeof content["class_type"] !== "string") {
      throw new FileError("file.badNode", id);
    }
    const node = readNode(id, content["class_type"], content);
    nodes[id] = node.title === titleOf(node.type, catalogue) ? { ...node, title: "" } : node;
  }
  return withNamedOutputs(nodes, catalogue);
}

function readNode(id: string, type: string, content: JsonObject): GraphNode {
  const meta = isObject(content["_meta"]) ? content["_meta"] : {};
  const given = isObject(content["inputs"]) ? content["inputs"] : {};
  const inputs: Record<string, Input> = {};
  for (const [name, value] of Object.entries(given)) {
    inputs[name] = readInput(value);
  }
  const { [BLOCKS]: listed, ...others } = inputs;
  const blocks = listed?.kind === "typed" ? readBlocks(listed.value) : undefined;
  const own = type === LOAD_BLOCK ? typeByInputs(type, inputs) : type;
  const position = meta["position"];
  const [x, y] = Array.isArray(position) ? position : [];
  return {
    id,
    type: blocks === undefined ? own : idWithBlocks(own, blocks),
    inputs: blocks === undefined ? inputs : others,
    title: typeof meta["title"] === "string" ? meta["title"] : "",
    x: numberOf(x, Number.NaN),
    y: numberOf(y, Number.NaN),
    isCollapsed: meta["collapsed"] === true,
    mode: readMode(meta["mode"]),
    isUnfolded: meta["unfolded"] === true,
    meta: without(meta, ["title", "position", "collapsed", "mode", "unfolded"]),
  };
}

function readMode(value: Json | undefined): Mode {
  return value === "muted" || value === "bypassed" ? value : "active";
}

function readInput(value: Json): Input {
  if (Array.isArray(value) && value.length === 2) {
    const [node, output] = value as readonly Json[];
    const isOutput =
      typeof output === "string" || (Number.isInteger(output) && Number(output) >= 0);
    if (typeof node === "string" && isOutput) {
      return { kind: "link", node, output: String(output) };
    }
  }
  if (isObject(value) && WRAPPED in value) {
    return { kind: "typed", value: value[WRAPPED] ?? null };
  }
  return { kind: "typed", value };
}

/** ComfyUI names outputs by their place; here they are named by name. */
function withNamedOutputs(
  nodes: Record<string, GraphNode>,
  catalogue: Catalogue,
): Record<string, GraphNode> {
  const named: Record<string, GraphNode> = {};
  for (const node of Object.values(nodes)) {
    const inputs: Record<string, Input> = {};
    for (const [name, input] of Object.entries(node.inputs)) {
      inputs[name] =
        input.kind === "link" ? { ...input, output: nameOf(input, nodes, catalogue) } : input;
    }
    named[node.id] = { ...node, inputs };
  }
  return named;
}

function nameOf(
  link: { readonly node: string; readonly output: string },
  nodes: Record<string, GraphNode>,
  catalogue: Catalogue,
): string {
  const outputs = catalogue.types.get(nodes[link.node]?.type ?? "")?.outputs ?? [];
  const isPlace = /^\d+$/.test(link.output) && !outputs.some(({ name }) => name === link.output);
  return (isPlace ? outputs[Number(link.output)]?.name : undefined) ?? link.output;
}

function withDrawn(
  document: GraphDocument,
  drawn: Json | undefined,
  catalogue: Catalogue,
): GraphDocument {
  if (!isObject(drawn)) {
    return document;
  }
  const nodes: Record<string, GraphNode> = { ...document.nodes };
  for (const node of Object.values(readNodes(drawn, catalogue))) {
    const runs = document.nodes[node.id];
    nodes[node.id] = runs === undefined ? node : { ...runs, inputs: drawnInputs(node, runs) };
  }
  const found: GraphDocument = { ...document, nodes };
  const meant = effectiveNodes(found, catalogue);
  return isSamePrompt(meant, document.nodes) ? found : document;
}

/** Of a node that runs only the links are drawn in another way; its values are those of the prompt. */
function drawnInputs(drawn: GraphNode, runs: GraphNode): Readonly<Record<string, Input>> {
  const typed = Object.entries(runs.inputs).filter(([, input]) => input.kind === "typed");
  const links = Object.entries(drawn.inputs).filter(([, input]) => input.kind === "link");
  return { ...Object.fromEntries(typed), ...Object.fromEntries(links) };
}

function isSamePrompt(
  left: Readonly<Record<string, GraphNode>>,
  right: Readonly<Record<string, GraphNode>>,
): boolean {
  const ids = Object.keys(left);
  return (
    ids.length === Object.keys(right).length &&
    ids.every((id) => {
      const [one, other] = [left[id], right[id]];
      return one?.type === other?.type && isSameInputs(one?.inputs ?? {}, other?.inputs ?? {});
    })
  );
}

function isSameInputs(
  left: Readonly<Record<string, Input>>,
  right: Readonly<Record<string, Input>>,
): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => JSON.stringify(left[name]) === JSON.stringify(right[name]))
  );
}

/** The title of a node that has none of its own. */
function titleOf(type: string, catalogue: Catalogue): string {
  return catalogue.types.get(type)?.title ?? type;
}

function writeNode(node: GraphNode, document: GraphDocument, catalogue: Catalogue): FileNode {
  const [id, blocks] = partsOf(node.type);
  const [type, settings] = loadedFrom(id);
  const inputs: Record<string, Json> = { ...settings };
  if (blocks !== undefined) {
    inputs[BLOCKS] = writeValue(writeBlocks(blocks));
  }
  for (const [name, input] of Object.entries(node.inputs)) {
    inputs[name] =
      input.kind === "link" ? writeLink(input, document, catalogue) : writeValue(input.value);
  }
  const title = node.title !== "" ? node.title : (catalogue.types.get(node.type)?.title ?? "");
  const meta: Record<string, Json> = { ...node.meta };
  if (title !== "") {
    meta["title"] = title;
  }
  meta["position"] = [Math.round(node.x), Math.round(node.y)];
  if (node.isCollapsed) {
    meta["collapsed"] = true;
  }
  if (node.isUnfolded) {
    meta["unfolded"] = true;
  }
  if (node.mode !== "active") {
    meta["mode"] = node.mode;
  }
  return { class_type: type, inputs, _meta: meta };
}

/** Outputs by name; by place where a file named one so and its node type is not known. */
function writeLink(link: Link, { nodes }: GraphDocument, catalogue: Catalogue): Json {
  const isKnown = catalogue.types.has(nodes[link.node]?.type ?? "");
  const isPlace = !isKnown && /^\d+$/.test(link.output);
  return [link.node, isPlace ? Number(link.output) : link.output];
}

function writeValue(value: Json): Json {
  const isWrapped = Array.isArray(value) || (isObject(value) && WRAPPED in value);
  return isWrapped ? { [WRAPPED]: value } : value;
}

function readNote(value: JsonObject, index: number): Note {
  return {
    id: textOf(value["id"], `note${index + 1}`),
    text: textOf(value["text"], ""),
    ...frameOf(value),
  };
}

function readGroup(value: JsonObject, index: number): Group {
  return {
    id: textOf(value["id"], `group${index + 1}`),
    title: textOf(value["title"], ""),
    colour: textOf(value["colour"], "grey"),
    ...frameOf(value),
  };
}

function frameOf(value: JsonObject): { x: number; y: number; width: number; height: number } {
  return {
    x: numberOf(value["x"], 0),
    y: numberOf(value["y"], 0),
    width: Math.max(numberOf(value["width"], 240), 40),
    height: Math.max(numberOf(value["height"], 120), 40),
  };
}

function readList<T>(value: Json | undefined, read: (item: JsonObject, index: number) => T): T[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject).map(read) : [];
}

/** By id; an id that something has already gets a number. */
function keyed<T extends { readonly id: string }>(
  items: readonly T[],
  taken: Set<string>,
): Record<string, T> {
  const found: Record<string, T> = {};
  for (const item of items) {
    let { id } = item;
    for (let count = 2; taken.has(id); count += 1) {
      id = `${item.id}_${count}`;
    }
    taken.add(id);
    found[id] = id === item.id ? item : { ...item, id };
  }
  return found;
}

function textOf(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function without(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
