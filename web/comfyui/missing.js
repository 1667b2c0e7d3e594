/** "Missing inputs": what is to be put right before the graph can run, and who could supply it. */

import { currentPrompt } from "./current_graph.js";
import { button, make } from "./elements.js";
import { app, attempt, changing, goToNode, rootGraph, shownGraph } from "./host.js";
import { isOurs, nodeOf, titleOf } from "./node_ids.js";
import { link } from "./place_nodes.js";
import { nodesIn, ourProblems, suppliersIn } from "./problem_list.js";
import { postJson } from "./server.js";
import { hint } from "./state_view.js";
import { t } from "./texts.js";

/** @returns {Promise<Problem[]>} */
export async function findProblems() {
  const { problems } = await postJson("/blockloom/check", { prompt: await currentPrompt() });
  return ourProblems(problems, (id) => isOurs(nodeOf(id, rootGraph())));
}

/**
 * @param {readonly Problem[]} problems
 * @param {{ again: () => void, close: () => void }} acts
 */
export function problemList(problems, { again, close }) {
  return make(
    "section",
    { class: "blockloom-missing", "aria-label": t("missing.title") },
    make(
      "header",
      {},
      make("h3", {}, t("missing.title")),
      button("↻", again, { "aria-label": t("missing.again"), title: t("missing.again") }),
      button("✕", close, { "aria-label": t("missing.close"), title: t("missing.close") }),
    ),
    make(
      "div",
      { role: "status" },
      hint(
        problems.length === 0 ? t("missing.none") : t("missing.count", { count: problems.length }),
      ),
    ),
    ...problems.map((problem) => problemItem(problem, again)),
  );
}

/**
 * @param {Problem} problem
 * @param {() => void} again
 */
function problemItem(problem, again) {
  const node = nodeOf(problem.node ?? "", rootGraph());
  const title = titleOf(problem.node ?? "", rootGraph());
  const go = () => {
    if (node !== undefined) {
      goToNode(node);
      flash(node);
    }
  };
  return make(
    "div",
    { class: "blockloom-problem", "data-problem": problem.code },
    make(
      "button",
      {
        type: "button",
        class: "blockloom-place",
        title: t("missing.goTo", { node: title }),
        onclick: go,
      },
      title,
      problem.socket === null
        ? null
        : make("span", { class: "blockloom-socket" }, ` · ${problem.socket}`),
    ),
    make("p", {}, problem.message),
    problem.remedy === "" ? null : make("p", { class: "blockloom-hint" }, inTitles(problem.remedy)),
    suppliers(problem, node, again),
  );
}

/**
 * Buttons for what could supply the value.
 * @param {Problem} problem
 * @param {ComfyNode | undefined} node
 * @param {() => void} again
 */
function suppliers({ remedy }, node, again) {
  const types = suppliersIn(remedy, isKnown).map((type) =>
    button(t("missing.add", { node: typeTitle(type) }), () =>
      attempt(async () => {
        await addBefore(type, node);
        again();
      }),
    ),
  );
  const nodes = nodesIn(remedy).flatMap((id) => {
    const found = nodeOf(id, rootGraph());
    const words = t("missing.goTo", { node: titleOf(id, rootGraph()) });
    return found === undefined ? [] : [button(words, () => goToNode(found))];
  });
  const all = [...types, ...nodes];
  return all.length === 0 ? null : make("div", { class: "blockloom-downloads" }, ...all);
}

/** @param {string} type */
function isKnown(type) {
  return window.LiteGraph?.registered_node_types[type] !== undefined;
}

/** @param {string} type */
function typeTitle(type) {
  return window.LiteGraph?.registered_node_types[type]?.title ?? type;
}

/**
 * A remedy with nodes and node types called as they are on screen.
 * @param {string} remedy
 */
function inTitles(remedy) {
  const named = remedy.replaceAll(/node "([^"]+)"/g, (_, id) => `“${titleOf(id, rootGraph())}”`);
  return suppliersIn(named, isKnown).reduce(
    (text, type) => text.replaceAll(type, typeTitle(type)),
    named,
  );
}

const [WIDTH, GAP] = [60, 40];

/**
 * Put a node into the main wire before the one that misses something.
 * @param {string} type
 * @param {ComfyNode | undefined} node
 */
async function addBefore(type, node) {
  const graph = node?.graph ?? shownGraph();
  const made = window.LiteGraph?.createNode(type);
  if (!made || node === undefined) {
    return;
  }
  await changing(graph, () => {
    graph.add(made);
    made.pos = [node.pos[0] - made.size[0] - WIDTH, node.pos[1] + node.size[1] + GAP];
    const number = node.inputs?.find(({ name }) => name === "pipeline")?.link;
    const found =
      number === null || number === undefined
        ? undefined
        : (graph.getLink?.(number) ?? graph.links.get?.(number) ?? graph.links[number]);
    const source = found === undefined ? undefined : graph.getNodeById(found.origin_id);
    const slot = made.inputs?.findIndex(({ name }) => name === "pipeline") ?? -1;
    if (source && found !== undefined && slot !== -1) {
      source.connect(found.origin_slot, made, slot);
    }
    link(made, "pipeline", node, "pipeline");
  });
  goToNode(made);
}

/**
 * Have a node catch the eye for a moment.
 * @param {ComfyNode} node
 */
function flash(node) {
  const marked = /** @type {{ strokeStyles?: Record<string, () => unknown> }} */ (
    /** @type {unknown} */ (node)
  );
  const until = Date.now() + 2500;
  if (marked.strokeStyles !== undefined) {
    marked.strokeStyles["blockloom"] = () =>
      Date.now() < until ? { color: "#e0a33c", lineWidth: 4 } : undefined;
    setTimeout(() => app.canvas.setDirty(true, true), 2600);
  }
  const element = document.querySelector(`[data-node-id="${CSS.escape(String(node.id))}"]`);
  element?.animate?.([{ outline: "4px solid #e0a33c" }, { outline: "4px solid transparent" }], {
    duration: 2500,
  });
}
