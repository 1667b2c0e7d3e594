/** Telling Blockloom's graph files from everything else that may be dropped on ComfyUI. */

/**
 * The graph file in a JSON text; undefined where it is none: ComfyUI reads its own files itself.
 * @param {string} text
 * @returns {GraphFile | undefined}
 */
export function graphFileIn(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  return graphFileOf(content);
}

/**
 * The graph file that some content is; undefined where it is none.
 * @param {unknown} content
 * @returns {GraphFile | undefined}
 */
export function graphFileOf(content) {
  if (!isObject(content)) {
    return undefined;
  }
  if (isPrompt(content["prompt"])) {
    return /** @type {GraphFile} */ (/** @type {unknown} */ (content));
  }
  // A bare prompt with numbered links and no places is ComfyUI's own API file.
  return isPrompt(content) && Object.values(content).some(isOurNode)
    ? { prompt: content }
    : undefined;
}

/**
 * The graph in a picture that Blockloom saved; one with a workflow is for ComfyUI.
 * @param {Readonly<Record<string, string>>} chunks
 * @returns {GraphFile | undefined}
 */
export function graphFileOfPicture(chunks) {
  const { prompt, blockloom, workflow } = chunks;
  if (prompt === undefined || blockloom === undefined || workflow !== undefined) {
    return undefined;
  }
  const file = graphFileIn(`{"prompt":${prompt}}`);
  const extra = extraIn(blockloom);
  return file === undefined || extra === undefined ? file : { ...file, extra };
}

/**
 * What is drawn beside the nodes, and the seed that the picture was made with.
 * @param {string} text
 * @returns {Record<string, unknown> | undefined}
 */
function extraIn(text) {
  try {
    const { extra, seed } = JSON.parse(text);
    const drawn = isObject(extra) ? extra : {};
    return Number.isSafeInteger(seed) ? { ...drawn, seed } : drawn;
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} content
 * @returns {content is Prompt}
 */
function isPrompt(content) {
  const nodes = isObject(content) ? Object.values(content) : [];
  return (
    nodes.length > 0 &&
    nodes.every((node) => isObject(node) && typeof node["class_type"] === "string")
  );
}

/** @param {PromptNode} node */
function isOurNode({ inputs, _meta: meta }) {
  const values = isObject(inputs) ? Object.values(inputs) : [];
  return Array.isArray(meta?.position) || values.some(isNamedLink);
}

/** @param {unknown} value */
function isNamedLink(value) {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    typeof value[1] === "string"
  );
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
