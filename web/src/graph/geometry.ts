/**
 * Where everything on a node is, from the node and its type alone.
 *
 * The canvas is told sizes and socket places before anything is drawn: only so can it leave nodes
 * out that are off screen. Units are pixels of the canvas.
 */

import { socketTitle } from "../catalogue/catalogue";
import type { InputSocket, NodeType, OutputSocket } from "../catalogue/types";
import type { GraphNode, Input, Json } from "./model";
import { MAIN_WIRE, REROUTE } from "./model";

export const NODE_WIDTH = 280;
export const HEADER_HEIGHT = 36;
export const ROW_HEIGHT = 26;
/** A text of several lines: its label, its edges, and a line of letters. */
const TEXT_EDGES = 36;
const TEXT_LINE = 16;
const LEAST_LINES = 3;
const MOST_LINES = 9;
const LETTERS_A_LINE = 36;
export const PICTURE_HEIGHT = 148;
const PADDING = 8;
export const REROUTE_SIZE = 18;
const MOST_OUTPUTS = 4;
/** Functions that people write say all that they take, unless that is very much. */
const MOST_FUNCTION_INPUTS = 14;
/** Names up to this length share a row with one at the other side. */
const SHORT_NAME = 19;

/** Inputs of functions that are folded away until they are used. */
const USED_SELDOM = new Set(["revision", "variant", "quantization", "quantized"]);
/** User inputs that are shown from the start wherever a block has them. */
const USED_MOST = new Set([
  "prompt",
  "negative_prompt",
  "image",
  "mask_image",
  "generator",
  "num_inference_steps",
  "strength",
  "height",
  "width",
  "num_frames",
  "guidance_scale",
]);

export type Control = "none" | "line" | "text" | "picture";

/** Looks of inputs that name a file, which is shown on the node. */
const FILES: ReadonlySet<string> = new Set(["picture", "video", "audio"]);

export interface Row {
  readonly top: number;
  readonly height: number;
  readonly input: InputSocket | null;
  readonly output: OutputSocket | null;
  readonly control: Control;
}

export interface NodeShape {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Row[];
  /** How many sockets are folded away; 0 where there is nothing to unfold. */
  readonly folded: number;
  readonly canFold: boolean;
  readonly foldTop: number;
  readonly hasMainInput: boolean;
  readonly hasMainOutput: boolean;
  /** Outputs of a collapsed node that wires start from; they start at its header. */
  readonly hiddenOutputs: readonly string[];
}

/** The shape of a node; ``used`` are the names of its outputs that wires start from. */
export function shapeOf(
  node: GraphNode,
  type: NodeType | undefined,
  used: ReadonlySet<string>,
): NodeShape {
  if (node.type === REROUTE) {
    return bare(REROUTE_SIZE, REROUTE_SIZE);
  }
  const inputs = (type?.inputs ?? unknownInputs(node)).filter(({ name }) => name !== MAIN_WIRE);
  const outputs = (type?.outputs ?? unknownOutputs(used)).filter(({ name }) => name !== MAIN_WIRE);
  const fields = fieldsOf(node, inputs);
  const shownInputs = [...inputs.filter((socket) => isShown(socket, node, type)), ...fields];
  const shownOutputs = outputs.filter(
    ({ name }) => node.isUnfolded || outputs.length <= MOST_OUTPUTS || used.has(name),
  );
  const folded =
    inputs.length + fields.length + outputs.length - shownInputs.length - shownOutputs.length;
  const canFold = folded > 0 || (node.isUnfolded && hasRare(node, type, used));
  const rows = node.isCollapsed ? [] : stack(shownInputs, shownOutputs, node);
  const end = rows.reduce((last, row) => Math.max(last, row.top + row.height), HEADER_HEIGHT);
  const foldHeight = canFold && !node.isCollapsed ? ROW_HEIGHT : 0;
  return {
    width: NODE_WIDTH,
    height: node.isCollapsed ? HEADER_HEIGHT : end + foldHeight + PADDING,
    rows,
    folded,
    canFold,
    foldTop: end,
    hasMainInput: type === undefined ? MAIN_WIRE in node.inputs : has(type.inputs, MAIN_WIRE),
    hasMainOutput: type === undefined ? used.has(MAIN_WIRE) : has(type.outputs, MAIN_WIRE),
    hiddenOutputs: node.isCollapsed ? [...used].filter((name) => name !== MAIN_WIRE) : [],
  };
}

function bare(width: number, height: number): NodeShape {
  return {
    width,
    height,
    rows: [],
    folded: 0,
    canFold: false,
    foldTop: height,
    hasMainInput: false,
    hasMainOutput: false,
    hiddenOutputs: [],
  };
}

function has(sockets: readonly { readonly name: string }[] | undefined, name: string): boolean {
  return sockets?.some((socket) => socket.name === name) === true;
}

function isShown(socket: InputSocket, node: GraphNode, type: NodeType | undefined): boolean {
  if (node.isUnfolded || socket.name in node.inputs || type === undefined) {
    return true;
  }
  if (socket.role === "intermediate") {
    return false;
  }
  if (type.kind === "function" && USED_SELDOM.has(socket.name)) {
    return false;
  }
  const most = type.kind === "function" ? MOST_FUNCTION_INPUTS : 4;
  const isFew = (type.inputs?.length ?? 0) <= most;
  return isFew || socket.is_required === true || USED_MOST.has(socket.name);
}

/** Bundle fields that are linked or typed by name, such as ``denoiser_input_fields.latents``. */
function fieldsOf(node: GraphNode, inputs: readonly InputSocket[]): InputSocket[] {
  return Object.keys(node.inputs)
    .filter((name) => name !== MAIN_WIRE && !has(inputs, name))
    .map((name) => ({ name, type: "ANY", role: "intermediate" }));
}

function unknownInputs(node: GraphNode): readonly InputSocket[] {
  return Object.keys(node.inputs).map((name) => ({ name, type: "ANY" }));
}

function unknownOutputs(used: ReadonlySet<string>): readonly OutputSocket[] {
  return [...used].map((name) => ({ name, type: "ANY" }));
}

function hasRare(node: GraphNode, type: NodeType | undefined, used: ReadonlySet<string>): boolean {
  return shapeOf({ ...node, isUnfolded: false }, type, used).folded > 0;
}

/** Sockets without a control share their rows with outputs; those with one follow. */
function stack(
  inputs: readonly InputSocket[],
  outputs: readonly OutputSocket[],
  node: GraphNode,
): Row[] {
  const plain = inputs.filter((socket) => controlOf(socket, node) === "none");
  const controlled = inputs.filter((socket) => controlOf(socket, node) !== "none");
  const rows: Row[] = [];
  let top = HEADER_HEIGHT + PADDING / 2;
  for (const { input, output } of paired(plain, outputs)) {
    rows.push({ top, height: ROW_HEIGHT, input, output, control: "none" });
    top += ROW_HEIGHT;
  }
  for (const input of controlled) {
    const control = controlOf(input, node);
    const height = heightOf(control, node.inputs[input.name]);
    rows.push({ top, height, input, output: null, control });
    top += height;
  }
  return rows;
}

/** An input and an output in one row, where both of their names are short; else one below the other. */
function paired(
  inputs: readonly InputSocket[],
  outputs: readonly OutputSocket[],
): Pick<Row, "input" | "output">[] {
  const rows: Pick<Row, "input" | "output">[] = [];
  const left = [...inputs];
  for (const output of outputs) {
    const [input = null] = left;
    const isPair = input !== null && isShort(input) && isShort(output);
    rows.push({ input: isPair ? input : null, output });
    if (isPair) {
      left.shift();
    }
  }
  return [...rows, ...left.map((input) => ({ input, output: null }))];
}

function isShort(socket: { readonly name: string; readonly title?: string }): boolean {
  return socketTitle(socket).length <= SHORT_NAME;
}

function heightOf(control: Control, input: Input | undefined): number {
  if (control === "text") {
    return TEXT_EDGES + TEXT_LINE * linesOf(input?.kind === "typed" ? input.value : "");
  }
  return control === "picture" ? PICTURE_HEIGHT : ROW_HEIGHT;
}

/** About how many lines a text takes: a node grows with its prompt, up to a point. */
function linesOf(value: Json): number {
  const lines = typeof value === "string" ? value.split("\n") : [];
  const count = lines.reduce(
    (sum, line) => sum + Math.max(Math.ceil(line.length / LETTERS_A_LINE), 1),
    0,
  );
  return Math.min(Math.max(count, LEAST_LINES), MOST_LINES);
}

/** How an input is typed on the node; a linked one is not. */
export function controlOf(socket: InputSocket, node: GraphNode): Control {
  if (node.inputs[socket.name]?.kind === "link" || socket.role === "intermediate") {
    return "none";
  }
  switch (socket.type) {
    case "STRING":
      if (FILES.has(socket.widget?.look ?? "")) {
        return "picture";
      }
      return socket.widget?.is_multiline === true ? "text" : "line";
    case "INT":
    case "FLOAT":
    case "SEED":
    case "BOOLEAN":
    case "LIST":
    case "DICT":
      return "line";
    default:
      return (socket.widget?.choices?.length ?? 0) > 0 ? "line" : "none";
  }
}

/** The middle of a socket, from the node's upper left corner. */
export function socketPlace(
  shape: NodeShape,
  side: "in" | "out",
  name: string,
): { x: number; y: number } {
  const x = side === "in" ? 0 : shape.width;
  if (shape.height === REROUTE_SIZE) {
    return { x, y: REROUTE_SIZE / 2 };
  }
  const row = shape.rows.find(
    (found) => (side === "in" ? found.input : found.output)?.name === name,
  );
  const y = row === undefined || name === MAIN_WIRE ? HEADER_HEIGHT / 2 : row.top + ROW_HEIGHT / 2;
  return { x, y };
}
