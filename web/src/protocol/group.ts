/** Putting a chain of blocks into one node. */

import type { FileNode, GraphFile } from "../graph/file";
import type { JsonObject } from "../graph/model";
import { postJson } from "./http";

export interface GroupAnswer {
  readonly prompt: Readonly<Record<string, FileNode>>;
  readonly extra: JsonObject;
  /** The node that stands for all of them. */
  readonly node: string;
}

export function groupNodes(
  graph: GraphFile,
  nodes: readonly string[],
  title: string,
): Promise<GroupAnswer> {
  return postJson("/blockloom/group", { graph, nodes, title });
}
