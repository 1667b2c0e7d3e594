/** The blocks inside a node: choosing others, and putting a chain of nodes into one. */

import { takesBlocks } from "../graph/blocks";
import type { ChosenBlock } from "../graph/blocks";
import { idWithBlocks, partsOf } from "../graph/blocks";
import { withCombined } from "../graph/combine";
import { changeNode } from "../graph/edit";
import { readFile, writeFile } from "../graph/file";
import type { Json, NodeId } from "../graph/model";
import { groupNodes } from "../protocol/group";
import { currentCatalogue } from "../stores/catalogue";
import { fetchChosenType } from "../stores/chosenTypes";
import { currentDocument, edit } from "../stores/document";
import { say, select } from "../stores/interface";
import { forgetOwnNode, saveOwnNode } from "../stores/ownNodes";
import { text } from "../texts/texts";
import type { Action } from "./action";
import { reportError } from "./run";
import { selectedNodes } from "./selection";

/** Give a loop or a sequence other blocks; undefined gives it back those of its class. */
export async function chooseBlocks(
  id: NodeId,
  blocks: readonly ChosenBlock[] | undefined,
): Promise<void> {
  const node = currentDocument().nodes[id];
  if (node === undefined) {
    return;
  }
  const [own] = partsOf(node.type);
  const type = blocks === undefined ? own : idWithBlocks(own, blocks);
  try {
    // Its sockets are known before it is drawn, and new ones are shown.
    const found = await fetchChosenType(type);
    const before = new Set(
      currentCatalogue()
        .types.get(node.type)
        ?.inputs?.map(({ name }) => name),
    );
    const hasNew = found.inputs?.some(({ name }) => !before.has(name)) === true;
    const isUnfolded = node.isUnfolded || (before.size > 0 && hasNew);
    if (currentDocument().nodes[id]?.type === node.type) {
      edit("edit.blocks", (document) => changeNode(document, id, { type, isUnfolded }));
    }
  } catch (error) {
    reportError(error);
  }
}

/** Put the selected chain of blocks into one node, as the server finds it possible. */
export async function combine(): Promise<void> {
  const asked = currentDocument();
  const catalogue = currentCatalogue();
  const ids = selectedNodes().map(({ id }) => id);
  const title = text("edit.combinedTitle");
  try {
    const { extra, prompt } = writeFile(asked, catalogue);
    const { drawn: _, ...others } = extra;
    const answer = await groupNodes({ prompt, extra: others }, ids, title);
    const graph = { prompt: answer.prompt, extra: answer.extra } as unknown as Json;
    const made = readFile(graph, catalogue).nodes[answer.node];
    if (currentDocument() !== asked || made === undefined) {
      say("plain", text("expand.changed"));
      return;
    }
    await fetchChosenType(made.type);
    edit("edit.combine", (document) => withCombined(document, ids, made));
    select([made.id]);
  } catch (error) {
    reportError(error);
  }
}

/** The one selected node whose inside can be chosen. */
function soleChosen(): { readonly title: string; readonly type: string } | undefined {
  const [node, ...others] = selectedNodes();
  if (node === undefined || others.length > 0 || partsOf(node.type)[1] === undefined) {
    return undefined;
  }
  const type = currentCatalogue().types.get(node.type);
  return { title: node.title === "" ? (type?.title ?? node.id) : node.title, type: node.type };
}

/** Put a node with its blocks into the palette, under its title. */
export async function saveInPalette(): Promise<void> {
  const node = soleChosen();
  if (node !== undefined) {
    try {
      await saveOwnNode(node);
      say("good", text("edit.savedNode", { title: node.title }));
    } catch (error) {
      reportError(error);
    }
  }
}

export async function removeFromPalette(title: string): Promise<void> {
  try {
    await forgetOwnNode(title);
  } catch (error) {
    reportError(error);
  }
}

const isBlock = (type: string): boolean => {
  const kind = currentCatalogue().types.get(type)?.kind;
  return kind !== undefined && kind !== "function" && kind !== "component";
};

export const blockActions: readonly Action[] = [
  {
    id: "edit.combine",
    label: "edit.combine",
    group: "node",
    shortcuts: ["Mod+Shift+G"],
    isEnabled: () => {
      const nodes = selectedNodes();
      return nodes.length > 0 && nodes.every(({ type }) => isBlock(type));
    },
    run: combine,
  },
  {
    id: "edit.saveNode",
    label: "edit.saveNode",
    group: "node",
    shortcuts: [],
    isEnabled: () => {
      const node = soleChosen();
      return node !== undefined && takesBlocks(currentCatalogue().types.get(node.type));
    },
    run: saveInPalette,
  },
];
