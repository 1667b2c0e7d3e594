/** Opening and dropping Blockloom's graph files and pictures; every other file is ComfyUI's. */

import { graphFileIn, graphFileOf, graphFileOfPicture } from "./graph_file.js";
import { app, noteChange, rootGraph, say } from "./host.js";
import { pngTexts } from "./png.js";
import { postJson } from "./server.js";
import { settle } from "./settle.js";
import { t } from "./texts.js";

/** What may be a graph file; anything longer is something else. */
const LONGEST = 64 * 2 ** 20;

/** Look at files before ComfyUI does. */
export function watchFiles() {
  const inner = app.handleFile;
  if (typeof inner !== "function") {
    return;
  }
  /** @this {unknown} @param {[File, ...unknown[]]} args */
  app.handleFile = async function handleFile(...args) {
    const isOpened = await opened(args[0]).catch((error) => {
      console.warn("Blockloom:", error);
      return false;
    });
    return isOpened ? undefined : inner.apply(app, args);
  };
}

/** Look at what is loaded otherwise: ComfyUI offers a pack's examples among its templates. */
export function watchLoading() {
  const inner = app.loadGraphData;
  if (typeof inner !== "function") {
    return;
  }
  /** @this {unknown} @param {[unknown, ...any[]]} args */
  app.loadGraphData = async function loadGraphData(...args) {
    const [content, ...others] = args;
    const graph = graphFileOf(content);
    if (graph === undefined) {
      return inner.apply(app, args);
    }
    const { workflow } = await postJson("/blockloom/comfyui", { graph });
    const result = await inner.apply(app, [workflow, ...others]);
    await settle(rootGraph().nodes);
    return result;
  };
}

/**
 * @param {File} file
 * @returns {Promise<boolean>} whether it was one of ours
 */
async function opened(file) {
  const graph = await graphIn(file);
  if (graph === undefined) {
    return false;
  }
  try {
    const { workflow } = await postJson("/blockloom/comfyui", { graph });
    await app.loadGraphData(workflow, true, true, file.name.replace(/\.\w+$/, ""));
    await settle(rootGraph().nodes);
    noteChange();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say("error", t("file.failed", { name: file.name, reason }));
  }
  return true;
}

/** @param {File} file */
async function graphIn(file) {
  if (!(file instanceof Blob) || file.size > LONGEST) {
    return undefined;
  }
  if (file.type === "image/png" || /\.png$/i.test(file.name)) {
    return graphFileOfPicture(await pngTexts(await file.arrayBuffer()));
  }
  if (file.type === "application/json" || /\.json$/i.test(file.name)) {
    return graphFileIn(await file.text());
  }
  return undefined;
}
