/** What can be done with nodes that are there: mute, fold, rename, open. */

import { toggleFlag, toggleMode } from "../graph/edit";
import { readFile, writeFile } from "../graph/file";
import type { GraphNode, Json } from "../graph/model";
import { toExpand, withExpansion } from "../graph/replace";
import { expandNode } from "../protocol/expand";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit } from "../stores/document";
import { startRenaming } from "../stores/gesture";
import { say, select } from "../stores/interface";
import { text } from "../texts/texts";
import type { Action } from "./action";
import { reportError } from "./run";
import { hasRealNode, selectedIds, selectedNodes } from "./selection";

/** Whether a node has blocks inside that could stand in its place. */
export function canExpand(node: GraphNode | undefined): boolean {
  const type = currentCatalogue().types.get(node?.type ?? "");
  const isComposite = type?.kind === "sequential" || type?.kind === "conditional";
  return isComposite && (type.sub_blocks?.length ?? 0) > 0;
}

/** Put the blocks inside a node in its place, as the server finds them for this graph. */
export async function expand(id: string): Promise<void> {
  const asked = currentDocument();
  const catalogue = currentCatalogue();
  const { prompt, extra } = writeFile(toExpand(asked, id), catalogue);
  const { drawn: _, ...others } = extra;
  try {
    const answer = await expandNode({ prompt, extra: others }, id);
    const graph = { prompt: answer.prompt, extra: answer.extra } as unknown as Json;
    if (currentDocument() !== asked) {
      say("plain", text("expand.changed"));
      return;
    }
    const expanded = readFile(graph, catalogue);
    edit(
      "edit.expand",
      (document) => withExpansion(document, id, expanded, answer.nodes, catalogue).document,
    );
    select(answer.nodes);
    if (answer.reason !== "") {
      say("plain", answer.reason);
    }
  } catch (error) {
    reportError(error);
  }
}

function soleId(): string | undefined {
  const ids = [...selectedIds()];
  return ids.length === 1 ? ids[0] : undefined;
}

/** The one selected thing that has a title: a node or a group. */
function soleTitled(): string | undefined {
  const id = soleId();
  const { nodes, groups } = currentDocument();
  return id !== undefined && (id in groups || (id in nodes && hasRealNode())) ? id : undefined;
}

const nodeIds = (): string[] => selectedNodes().map(({ id }) => id);

export const nodeActions: readonly Action[] = [
  {
    id: "edit.rename",
    label: "edit.rename",
    group: "node",
    shortcuts: ["F2"],
    isEnabled: () => soleTitled() !== undefined,
    run: () => {
      startRenaming(soleTitled() ?? "");
    },
  },
  {
    id: "edit.mute",
    label: "edit.mute",
    group: "node",
    shortcuts: ["Mod+M", "M"],
    isEnabled: hasRealNode,
    run: () => {
      edit("edit.mute", (document) => toggleMode(document, nodeIds(), "muted"));
    },
  },
  {
    id: "edit.bypass",
    label: "edit.bypass",
    group: "node",
    shortcuts: ["Mod+B", "B"],
    isEnabled: hasRealNode,
    run: () => {
      edit("edit.bypass", (document) => toggleMode(document, nodeIds(), "bypassed"));
    },
  },
  {
    id: "edit.collapse",
    label: "edit.collapse",
    group: "node",
    shortcuts: ["Alt+C", "H"],
    isEnabled: hasRealNode,
    run: () => {
      edit("edit.collapse", (document) => toggleFlag(document, nodeIds(), "isCollapsed"));
    },
  },
  {
    id: "edit.unfold",
    label: "edit.unfold",
    group: "node",
    shortcuts: ["Shift+H"],
    isEnabled: hasRealNode,
    run: () => {
      edit("edit.unfold", (document) => toggleFlag(document, nodeIds(), "isUnfolded"));
    },
  },
  {
    id: "edit.expand",
    label: "edit.expand",
    group: "node",
    shortcuts: ["Mod+Shift+E"],
    isEnabled: () => canExpand(currentDocument().nodes[soleId() ?? ""]),
    run: () => expand(soleId() ?? ""),
  },
];
