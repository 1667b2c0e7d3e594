/** The graph on screen as a graph file of Blockloom's: what is asked about and expanded. */

import { app, rootGraph } from "./host.js";
import { nodeOf } from "./node_ids.js";

/**
 * The whole graph as it would be sent, with the titles and places of the nodes.
 * @returns {Promise<Prompt>}
 */
export async function currentPrompt() {
  const { output } = await app.graphToPrompt();
  // What is not sent is undefined, and gone in JSON.
  /** @type {Prompt} */
  const prompt = JSON.parse(JSON.stringify(output));
  for (const [id, node] of Object.entries(prompt)) {
    const drawn = nodeOf(id, rootGraph());
    if (drawn !== undefined) {
      const position = /** @type {[number, number]} */ ([drawn.pos[0], drawn.pos[1]]);
      node["_meta"] = { ...node["_meta"], title: drawn.title, position };
    }
  }
  return prompt;
}
