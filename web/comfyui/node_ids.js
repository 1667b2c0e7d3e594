/** Nodes by the ids that ComfyUI runs them under: ``4``, or ``12:3`` inside a subgraph. */

/**
 * The id a node runs under; undefined where it is in no part of this graph.
 * @param {ComfyNode} node
 * @param {ComfyGraph} root
 * @returns {string | undefined}
 */
export function runId(node, root) {
  const prefix = prefixOf(node.graph ?? root, root);
  return prefix === undefined ? undefined : `${prefix}${node.id}`;
}

/**
 * What comes before the ids of the nodes in a graph: "" in the whole one, ``12:`` in a subgraph.
 * @param {ComfyGraph} graph
 * @param {ComfyGraph} root
 * @returns {string | undefined}
 */
export function prefixOf(graph, root) {
  if (graph === root) {
    return "";
  }
  for (const outer of root.nodes) {
    const found = outer.subgraph === undefined ? undefined : prefixOf(graph, outer.subgraph);
    if (found !== undefined) {
      return `${outer.id}:${found}`;
    }
  }
  return undefined;
}

/**
 * The node that runs under an id; undefined where there is none any more.
 * @param {string} id
 * @param {ComfyGraph} root
 * @returns {ComfyNode | undefined}
 */
export function nodeOf(id, root) {
  const [first = "", ...rest] = id.split(":");
  const isWhole = /^\d+$/.test(first);
  const node = root.getNodeById(isWhole ? Number(first) : first) ?? root.getNodeById(first);
  if (rest.length === 0 || !node) {
    return node ?? undefined;
  }
  return node.subgraph === undefined ? undefined : nodeOf(rest.join(":"), node.subgraph);
}

/**
 * How a node is called on screen; its id where it is not there any more.
 * @param {string} id
 * @param {ComfyGraph} root
 * @returns {string}
 */
export function titleOf(id, root) {
  return nodeOf(id, root)?.title || id;
}

/**
 * Whether a node is one of Blockloom's.
 * @param {ComfyNode | null | undefined} node
 * @returns {boolean}
 */
export function isOurs(node) {
  return isOurDefinition(node?.constructor?.nodeData);
}

/** @param {NodeDefinition | undefined} definition */
export function isOurDefinition(definition) {
  return /^Blockloom(\/|$)/.test(definition?.category ?? "");
}
