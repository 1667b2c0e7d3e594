/** Putting nodes into a graph that is already there, wired among themselves. */

import { isOurs } from "./node_ids.js";

/**
 * @typedef {object} SavedNode a node as ComfyUI's workflow files have it
 * @property {number | string} id
 * @property {string} type
 * @property {[number, number]} pos
 * @property {[number, number]} size
 * @property {ComfySlot[]} [inputs]
 * @property {ComfySlot[]} [outputs]
 * @property {{ blockloom?: { id?: string } }} [properties]
 */

/** @typedef {{ nodes: SavedNode[], links: [number, number, number, number, number, unknown][] }} Workflow */

/**
 * @typedef {object} Placed
 * @property {ComfyNode[]} nodes
 * @property {Map<string, ComfyNode>} byId by their ids in Blockloom's graph file
 * @property {string[]} unknown types this ComfyUI does not have
 */

/** The room a folded block state takes, which the workflow file knows nothing of. */
const PANEL = 34;

/**
 * @param {ComfyGraph} graph
 * @param {Workflow} workflow
 * @param {(box: { width: number, height: number }) => [number, number]} corner where they go
 * @returns {Placed}
 */
export function placeNodes(graph, workflow, corner) {
  /** @type {Placed} */
  const placed = { nodes: [], byId: new Map(), unknown: [] };
  /** @type {Map<number | string, { node: ComfyNode, saved: SavedNode }>} */
  const made = new Map();
  const shift = shiftTo(workflow.nodes, corner);
  for (const saved of workflow.nodes) {
    const node = placeNode(graph, saved, shift);
    if (node === null) {
      placed.unknown.push(saved.type);
    } else {
      made.set(saved.id, { node, saved });
      placed.nodes.push(node);
      placed.byId.set(saved.properties?.blockloom?.id ?? String(saved.id), node);
    }
  }
  for (const [, from, fromSlot, to, toSlot] of workflow.links) {
    const [source, target] = [made.get(from), made.get(to)];
    if (source !== undefined && target !== undefined) {
      // Nodes of ComfyUI's own may call their sockets differently; their places are the same.
      const output = slotOf(source.node.outputs, source.saved.outputs?.[fromSlot]?.name, fromSlot);
      const input = slotOf(target.node.inputs, target.saved.inputs?.[toSlot]?.name, toSlot);
      source.node.connect(output, target.node, input);
    }
  }
  return placed;
}

/**
 * @param {ComfyGraph} graph
 * @param {SavedNode} saved
 * @param {[number, number]} shift
 */
function placeNode(graph, saved, [right, down]) {
  const node = window.LiteGraph?.createNode(saved.type) ?? null;
  if (node === null) {
    return null;
  }
  graph.add(node);
  const bare = {
    ...structuredClone(saved),
    id: node.id,
    inputs: saved.inputs?.map((input) => ({ ...input, link: null })),
    outputs: saved.outputs?.map((output) => ({ ...output, links: [] })),
  };
  /** @type {{ configure(saved: unknown): void }} */ (/** @type {unknown} */ (node)).configure(
    bare,
  );
  node.pos = [saved.pos[0] + right, saved.pos[1] + down];
  for (const widget of node.widgets ?? []) {
    const { values } = widget.options ?? {};
    if (widget.value === "" && Array.isArray(values) && !values.includes("") && values.length > 0) {
      [widget.value] = values;
    }
  }
  if (isOurs(node)) {
    const [width, height] = node.computeSize();
    node.setSize([Math.max(width, saved.size[0]), height]);
  }
  return node;
}

/**
 * How far everything has to move.
 * @param {readonly SavedNode[]} nodes
 * @param {(box: { width: number, height: number }) => [number, number]} corner
 * @returns {[number, number]}
 */
function shiftTo(nodes, corner) {
  const left = Math.min(...nodes.map(({ pos }) => pos[0]));
  const top = Math.min(...nodes.map(({ pos }) => pos[1]));
  const right = Math.max(...nodes.map(({ pos, size }) => pos[0] + size[0]));
  const bottom = Math.max(...nodes.map(({ pos, size }) => pos[1] + size[1] + PANEL));
  const [x, y] = corner({ width: right - left, height: bottom - top });
  return [x - left, y - top];
}

/**
 * @param {ComfyNode} source
 * @param {string} output
 * @param {ComfyNode} target
 * @param {string} input
 * @returns {boolean} whether both have such a socket
 */
export function link(source, output, target, input) {
  const from = slotOf(source.outputs, output);
  const to = slotOf(target.inputs, input);
  if (from === -1 || to === -1) {
    return false;
  }
  source.connect(from, target, to);
  return true;
}

/**
 * A socket by its name, else by its number.
 * @param {readonly ComfySlot[] | undefined} slots
 * @param {unknown} name
 * @param {unknown} [otherwise]
 */
export function slotOf(slots = [], name, otherwise = name) {
  const at = slots.findIndex((slot) => slot.name === name);
  const isNumber = typeof otherwise === "number" && otherwise < slots.length;
  return at === -1 && isNumber ? otherwise : at;
}
