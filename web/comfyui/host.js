/** The one door to ComfyUI's frontend: its app, its API, what is selected, what it tells people. */

import { api } from "../../scripts/api.js";
import { app } from "../../scripts/app.js";
import { t } from "./texts.js";

export { api, app };

/** @returns {ComfyGraph} */
export function rootGraph() {
  return app.rootGraph ?? app.graph;
}

/**
 * The graph on screen: the whole one, or a subgraph that was entered.
 * @returns {ComfyGraph}
 */
export function shownGraph() {
  return app.canvas.graph ?? rootGraph();
}

/**
 * @param {string} id
 * @returns {unknown}
 */
export function setting(id) {
  return app.extensionManager?.setting?.get(id) ?? app.ui?.settings?.getSettingValue(id);
}

/** @returns {ComfyNode[]} */
export function selectedNodes() {
  return Object.values(app.canvas?.selected_nodes ?? {});
}

/** @param {ComfyNode} node */
export function goToNode(node) {
  const { canvas } = app;
  (canvas.deselectAll ?? canvas.deselectAllNodes)?.call(canvas);
  canvas.selectNodes?.([node]);
  canvas.centerOnNode(node);
  canvas.setDirty(true, true);
}

/**
 * Tell the person something, in ComfyUI's own way.
 * @param {"success" | "info" | "warn" | "error"} severity
 * @param {string} detail
 */
export function say(severity, detail) {
  const life = severity === "error" ? 10_000 : 4000;
  app.extensionManager?.toast?.add({ severity, summary: t("error.title"), detail, life });
}

/**
 * Run something of ours so that no failure of it reaches ComfyUI.
 * @template T
 * @param {() => T} act
 * @returns {T | undefined}
 */
export function guarded(act) {
  try {
    return act();
  } catch (error) {
    console.warn("Blockloom:", error);
    return undefined;
  }
}

/**
 * Run something a person asked for, and tell them where it fails.
 * @param {() => unknown} act
 */
export async function attempt(act) {
  try {
    await act();
  } catch (error) {
    console.warn("Blockloom:", error);
    say("error", error instanceof Error ? error.message : String(error));
  }
}

/**
 * Change the graph in one step of undoing.
 * @template T
 * @param {ComfyGraph} graph
 * @param {() => T | Promise<T>} change
 * @returns {Promise<T>}
 */
export async function changing(graph, change) {
  graph.beforeChange?.();
  try {
    return await change();
  } finally {
    graph.afterChange?.();
    noteChange();
    graph.setDirtyCanvas(true, true);
  }
}

/** Have the change in ComfyUI's history: its tracker is called differently in its versions. */
export function noteChange() {
  guarded(() => {
    const tracker = app.extensionManager.workflow?.activeWorkflow?.changeTracker;
    const note = tracker?.["captureCanvasState"] ?? tracker?.["checkState"];
    if (typeof note === "function") {
      note.call(tracker);
    }
    app.canvas.setDirty(true, true);
  });
}
