/** A small catalogue, and graphs in a few lines. */

import { makeCatalogue } from "../../src/catalogue/catalogue";
import type { InputSocket, NodeType, OutputSocket } from "../../src/catalogue/types";
import type { GraphDocument, GraphNode, Input, Json } from "../../src/graph/model";
import { EMPTY_DOCUMENT, makeNode } from "../../src/graph/model";

const MAIN_IN: InputSocket = { name: "pipeline", type: "PIPELINE", is_required: true };
const MAIN_OUT: OutputSocket = { name: "pipeline", type: "PIPELINE" };

function nodeType(
  id: string,
  inputs: readonly InputSocket[],
  outputs: readonly OutputSocket[],
  kind: NodeType["kind"] = "leaf",
): NodeType {
  return { id, title: id, category: ["toys"], kind, inputs, outputs };
}

export const TYPES: readonly NodeType[] = [
  nodeType("Load", [{ name: "model", type: "STRING" }], [MAIN_OUT], "function"),
  nodeType(
    "Encode",
    [
      MAIN_IN,
      { name: "prompt", type: "STRING", is_required: true, widget: { is_multiline: true } },
    ],
    [MAIN_OUT, { name: "prompt_embeds", type: "TENSOR" }],
  ),
  nodeType(
    "Denoise",
    [
      MAIN_IN,
      { name: "latents", type: "TENSOR", role: "intermediate" },
      { name: "prompt_embeds", type: "TENSOR", role: "intermediate" },
      { name: "generator", type: "SEED", widget: { minimum: 0, step: 1 } },
      { name: "steps", type: "INT", default: 25, has_default: true },
    ],
    [MAIN_OUT, { name: "latents", type: "TENSOR" }],
    "loop",
  ),
  nodeType("Decode", [MAIN_IN], [MAIN_OUT, { name: "images", type: "IMAGE" }]),
  nodeType(
    "Scale",
    [
      { name: "image", type: "IMAGE", is_required: true },
      { name: "width", type: "INT" },
    ],
    [{ name: "image", type: "IMAGE" }],
    "function",
  ),
  nodeType("Save", [{ name: "images", type: "IMAGE", is_required: true }], [], "function"),
  nodeType(
    "Text",
    [{ name: "text", type: "STRING" }],
    [{ name: "string", type: "STRING" }],
    "function",
  ),
  nodeType("Int", [{ name: "value", type: "INT" }], [{ name: "int", type: "INT" }], "function"),
  nodeType(
    "Show",
    [{ name: "source", type: "ANY", is_required: true }],
    [{ name: "string", type: "STRING" }],
    "function",
  ),
  nodeType("Join", [MAIN_IN, { name: "other", type: "PIPELINE" }], [MAIN_OUT], "function"),
];

export const CATALOGUE = makeCatalogue({
  version: "1",
  diffusers: "",
  node_types: TYPES,
  pipelines: [],
  accepts: { IMAGE: ["TENSOR"], FLOAT: ["INT"], SEED: ["INT"], STRING: ["LIST"] },
  problems: [],
});

export interface ToyNode extends Partial<Omit<GraphNode, "inputs">> {
  readonly type: string;
  /** ``["node", "output"]`` is a link, everything else is typed. */
  readonly given?: Readonly<Record<string, Json>>;
}

export function inputOfToy(value: Json): Input {
  if (Array.isArray(value) && value.length === 2) {
    const [node, output] = value as readonly string[];
    return { kind: "link", node: String(node), output: String(output) };
  }
  return { kind: "typed", value };
}

export function toyNode(id: string, { type, given = {}, ...rest }: ToyNode): GraphNode {
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, inputOfToy(value)]),
  );
  return { ...makeNode(id, type, 0, 0), ...rest, inputs };
}

export function draw(nodes: Readonly<Record<string, ToyNode>>): GraphDocument {
  return {
    ...EMPTY_DOCUMENT,
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, toyNode(id, node)])),
  };
}

/** Load, encode, denoise, decode and save, from left to right. */
export function chain(): GraphDocument {
  return draw({
    load: { type: "Load", x: 0, y: 0 },
    text: {
      type: "Encode",
      x: 370,
      y: 0,
      given: { pipeline: ["load", "pipeline"], prompt: "a red circle" },
    },
    denoise: { type: "Denoise", x: 740, y: 0, given: { pipeline: ["text", "pipeline"], steps: 4 } },
    decode: { type: "Decode", x: 1110, y: 0, given: { pipeline: ["denoise", "pipeline"] } },
    save: { type: "Save", x: 1480, y: 0, given: { images: ["decode", "images"] } },
  });
}

/** The wires of a document as ``from.output -> to.input``, sorted. */
export function wiresIn(document: GraphDocument): string[] {
  return Object.values(document.nodes)
    .flatMap((node) =>
      Object.entries(node.inputs).flatMap(([name, input]) =>
        input.kind === "link" ? [`${input.node}.${input.output} -> ${node.id}.${name}`] : [],
      ),
    )
    .toSorted();
}
