/** Where values are to be had. ComfyUI keeps the last run of every node: ``last``. */

/**
 * @param {string} what
 * @param {ValuePlace} place
 * @param {Record<string, string>} [query]
 * @returns {string}
 */
function valuePath(what, { node, name, side, step, item = [], run }, query = {}) {
  const search = new URLSearchParams(query);
  if (side !== undefined) {
    search.set("side", side);
  }
  if (step !== undefined) {
    search.set("step", String(step));
  }
  for (const part of item) {
    search.append("item", part);
  }
  if (run !== undefined) {
    search.set("run", String(run));
  }
  const found = search.toString();
  const path = `/blockloom/${what}/last/${encodeURIComponent(node)}/${encodeURIComponent(name)}`;
  return found === "" ? path : `${path}?${found}`;
}

/**
 * @param {ValuePlace} place
 * @param {string} form
 */
export function valuePathOf(place, form) {
  return valuePath("block_state", place, { form });
}

/**
 * @param {ValuePlace} place
 * @param {number} size
 */
export function thumbnailPath(place, size) {
  return valuePath("thumbnail", place, { size: String(size) });
}

/** @param {ValuePlace} place */
export function statisticsPath(place) {
  return valuePath("statistics", place, { per_channel: "1" });
}

/**
 * @param {"block_state" | "state" | "steps"} what
 * @param {string} node
 */
export function nodePath(what, node) {
  return `/blockloom/${what}/last/${encodeURIComponent(node)}`;
}

/**
 * @param {string} pipeline
 * @param {string} workflow
 * @param {boolean} isLeaf
 */
export function templatePath(pipeline, workflow, isLeaf) {
  const path = `/blockloom/templates/${encodeURIComponent(pipeline)}/${encodeURIComponent(workflow)}`;
  return isLeaf ? `${path}?leaf=1` : path;
}
