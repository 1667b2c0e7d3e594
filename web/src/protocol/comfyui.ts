/** Graphs for ComfyUI, and what ComfyUI saved: the server knows both of its formats. */

import type { FileNode, GraphFile } from "../graph/file";
import type { Json, JsonObject } from "../graph/model";
import type { Problem } from "./answers";
import { postJson } from "./http";

export interface ComfyExport {
  /** What ComfyUI's editor opens. */
  readonly workflow: JsonObject;
  /** What its server takes. */
  readonly prompt: Readonly<Record<string, FileNode>>;
  /** What comes out otherwise there. */
  readonly problems: readonly Problem[];
}

export function exportToComfyUI(graph: GraphFile): Promise<ComfyExport> {
  return postJson("/blockloom/export", { graph, to: "comfyui" });
}

/** A graph file of a workflow, or of API format; places are taken from a workflow beside that. */
export function importFromComfyUI(graph: Json, workflow?: Json): Promise<JsonObject> {
  return postJson("/blockloom/import", workflow === undefined ? { graph } : { graph, workflow });
}
