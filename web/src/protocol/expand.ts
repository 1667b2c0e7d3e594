/** Opening a composite node into the blocks inside it. */

import type { FileNode, GraphFile } from "../graph/file";
import type { JsonObject } from "../graph/model";
import { postJson } from "./http";

export interface ExpandAnswer {
  readonly prompt: Readonly<Record<string, FileNode>>;
  readonly extra: JsonObject;
  /** What stands in the node's place, in its order on the main wire. */
  readonly nodes: readonly string[];
  /** Why nothing stands there, where the node does nothing in this graph. */
  readonly reason: string;
}

export function expandNode(graph: GraphFile, node: string): Promise<ExpandAnswer> {
  return postJson("/blockloom/expand", { graph, node });
}
