/** "Expand": the blocks inside a node take its place, wired as it was. */

import { currentPrompt } from "./current_graph.js";
import { app, changing, rootGraph, say, shownGraph } from "./host.js";
import { prefixOf, runId } from "./node_ids.js";
import { placeNodes, slotOf } from "./place_nodes.js";
import { postJson } from "./server.js";
import { settle } from "./settle.js";
import { t } from "./texts.js";

const PROBE = "blockloom probe ";

/** @param {ComfyNode} node */
export async function expandNode(node) {
  const graph = node.graph ?? shownGraph();
  const id = runId(node, rootGraph());
  const prompt = await currentPrompt();
  if (id === undefined || prompt[id] === undefined) {
    throw new Error(t("expand.nothing", { node: node.title, reason: t("action.selectFirst") }));
  }
  const leaving = leavingLinks(node, graph);
  const file = { prompt: withProbes(prompt, id, leaving, prefixOf(graph, rootGraph()) ?? "") };
  const answer = await postJson("/blockloom/expand", { graph: file, node: id });
  if (answer.nodes.length === 0) {
    say("warn", t("expand.nothing", { node: node.title, reason: answer.reason }));
    return;
  }
  const inside = onlyNodes(answer.prompt, answer.nodes);
  const { workflow } = await postJson("/blockloom/comfyui", { graph: { prompt: inside } });
  const placed = await changing(graph, async () => {
    const found = placeNodes(graph, workflow, () => [node.pos[0], node.pos[1]]);
    wireArriving({ node, graph, expanded: answer.prompt, byId: found.byId });
    wireLeaving({ leaving, graph, expanded: answer.prompt, byId: found.byId });
    makeRoom(graph, node, found.nodes);
    graph.remove(node);
    await settle(found.nodes);
    return found;
  });
  app.canvas.deselectAll?.();
  app.canvas.selectNodes?.(placed.nodes);
  say("success", t("expand.done", { node: node.title, count: placed.nodes.length }));
}

/**
 * A link from an output of the node to where it goes.
 * @typedef {{ output: string, target: number | string, slot: number, input: string }} Leaving
 */

/**
 * @param {ComfyNode} node
 * @param {ComfyGraph} graph
 * @returns {Leaving[]}
 */
function leavingLinks(node, graph) {
  return (node.outputs ?? []).flatMap(({ name, links }) =>
    (links ?? []).flatMap((number) => {
      const found = linkOf(graph, number);
      const input = found && graph.getNodeById(found.target_id)?.inputs?.[found.target_slot]?.name;
      return found === undefined
        ? []
        : [{ output: name, target: found.target_id, slot: found.target_slot, input: input ?? "" }];
    }),
  );
}

/**
 * @param {ComfyGraph} graph
 * @param {number} number
 * @returns {ComfyLink | undefined}
 */
function linkOf(graph, number) {
  return graph.getLink?.(number) ?? graph.links.get?.(number) ?? graph.links[number];
}

/**
 * Where a link goes that the prompt does not tell (a muted node, the end of a subgraph), something
 * stands that does: it tells which of the blocks inside has the output.
 * @param {Prompt} prompt
 * @param {string} id
 * @param {readonly Leaving[]} leaving
 * @param {string} prefix
 * @returns {Prompt}
 */
function withProbes(prompt, id, leaving, prefix) {
  const probed = leaving.filter(({ target, input }) => {
    const told = prompt[`${prefix}${target}`]?.inputs[input];
    return !Array.isArray(told) || String(told[0]) !== id;
  });
  const probes = probed.map(({ output }) => [
    PROBE + output,
    { class_type: "PreviewAny", inputs: { source: [id, output] } },
  ]);
  return { ...prompt, ...Object.fromEntries(probes) };
}

/**
 * The nodes of these ids, with the links among themselves.
 * @param {Prompt} prompt
 * @param {readonly string[]} ids
 * @returns {Prompt}
 */
export function onlyNodes(prompt, ids) {
  const inside = new Set(ids);
  return Object.fromEntries(
    ids.flatMap((id) => {
      const node = prompt[id];
      const inputs = Object.entries(node?.inputs ?? {}).filter(
        ([, value]) => !isLink(value) || inside.has(String(value[0])),
      );
      return node === undefined ? [] : [[id, { ...node, inputs: Object.fromEntries(inputs) }]];
    }),
  );
}

/**
 * @param {unknown} value
 * @returns {value is [unknown, unknown]}
 */
function isLink(value) {
  return Array.isArray(value) && value.length === 2;
}

/**
 * What was linked to the node is linked to the blocks inside that read it, under the same name.
 * @param {{ node: ComfyNode, graph: ComfyGraph, expanded: Prompt, byId: Map<string, ComfyNode> }} about
 */
function wireArriving({ node, graph, expanded, byId }) {
  for (const [id, target] of byId) {
    for (const [name, value] of Object.entries(expanded[id]?.inputs ?? {})) {
      if (isLink(value) && !byId.has(String(value[0]))) {
        const number = node.inputs?.find((input) => input.name === name)?.link;
        const found = number === null || number === undefined ? undefined : linkOf(graph, number);
        linkLike(found, graph, target, slotOf(target.inputs, name));
      }
    }
  }
}

/**
 * @param {ComfyLink | undefined} found
 * @param {ComfyGraph} graph
 * @param {ComfyNode} target
 * @param {number} slot
 */
function linkLike(found, graph, target, slot) {
  const input = target.inputs?.[slot];
  if (found === undefined || input === undefined) {
    return;
  }
  const source = graph.getNodeById(found.origin_id);
  if (source) {
    source.connect(found.origin_slot, target, slot);
  } else {
    graph.inputNode?.slots[found.origin_slot]?.connect(input, target);
  }
}

/**
 * What the node was linked to is linked to the blocks inside that write it.
 * @param {{ leaving: readonly Leaving[], graph: ComfyGraph, expanded: Prompt, byId: Map<string, ComfyNode> }} about
 */
function wireLeaving({ leaving, graph, expanded, byId }) {
  const prefix = prefixOf(graph, rootGraph()) ?? "";
  for (const { output, target, slot, input } of leaving) {
    const told = expanded[`${prefix}${target}`]?.inputs[input];
    const probe = expanded[PROBE + output]?.inputs["source"];
    const place = isLink(told) && byId.has(String(told[0])) ? told : probe;
    const source = isLink(place) ? byId.get(String(place[0])) : undefined;
    const node = graph.getNodeById(target);
    if (source === undefined || !isLink(place)) {
      continue;
    }
    const from = slotOf(source.outputs, place[1]);
    if (node && from !== -1) {
      source.connect(from, node, slot);
    } else if (from !== -1) {
      const end = /** @type {any} */ (graph.outputNode?.slots[slot]);
      end?.connect(source.outputs?.[from], source);
    }
  }
}

/**
 * What stands to the right makes room for the blocks.
 * @param {ComfyGraph} graph
 * @param {ComfyNode} old
 * @param {readonly ComfyNode[]} placed
 */
function makeRoom(graph, old, placed) {
  const right = Math.max(...placed.map(({ pos, size }) => pos[0] + size[0]));
  const more = right - (old.pos[0] + old.size[0]);
  for (const node of graph.nodes) {
    if (more > 0 && node !== old && !placed.includes(node) && node.pos[0] > old.pos[0]) {
      node.pos = [node.pos[0] + more, node.pos[1]];
    }
  }
}
