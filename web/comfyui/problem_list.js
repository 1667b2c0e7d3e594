/** Which problems of a graph are ours to tell, and what they name. */

/** What is missing comes first. */
const MISSING = new Set(["missing_input", "no_pipeline"]);

/**
 * The problems of Blockloom's nodes, what is missing first; of other packs' nodes it knows nothing.
 * @param {readonly Problem[]} problems
 * @param {(id: string) => boolean} isOurs
 * @returns {Problem[]}
 */
export function ourProblems(problems, isOurs) {
  const ours = problems.filter(({ node }) => node !== null && isOurs(node));
  /** @param {Problem} problem */
  const rank = ({ code, is_warning: isWarning }) =>
    (MISSING.has(code) ? 0 : 2) + (isWarning ? 1 : 0);
  return ours.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * The node types a remedy names, of those that are known here.
 * @param {string} remedy
 * @param {(type: string) => boolean} isKnown
 * @returns {string[]}
 */
export function suppliersIn(remedy, isKnown) {
  const words = remedy.match(/[A-Z][\w.]*\w/g) ?? [];
  return [...new Set(words)].filter(isKnown);
}

/**
 * The nodes of the graph a remedy names: ``node "4"``.
 * @param {string} remedy
 * @returns {string[]}
 */
export function nodesIn(remedy) {
  return [...remedy.matchAll(/node "([^"]+)"/g)].map(([, id = ""]) => id);
}
