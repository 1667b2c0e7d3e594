/** Masks: drawn on a picture, kept as an upload, and handed to the node that needs one. */

import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit } from "../stores/document";
import { say, useInterface } from "../stores/interface";
import { useRun } from "../stores/run";
import { addNode, connect, freshId } from "../graph/edit";
import type { GraphDocument, GraphNode, Json, Typed } from "../graph/model";
import { makeNode } from "../graph/model";
import { openMask } from "../masks/order";
import { viewUrl } from "../protocol/api";
import { request } from "../protocol/http";
import { inputFile, inputName, uploadPicture } from "../protocol/uploads";
import { refreshPictures } from "../stores/pictures";
import { text } from "../texts/texts";
import type { Action } from "./action";

const LOADER = "LoadImage";
const MASK_LOADER = "LoadImageMask";
const ABOVE = 230;

/** Draw on a picture of the input folder; ``onSaved`` gets the name of a copy that has the mask. */
export function drawOnFile(name: string, onSaved: (name: string) => void): void {
  const file = inputFile(name);
  openMask({
    background: `${viewUrl(file)}&channel=rgb`,
    begins: viewUrl(file),
    save: async (canvas) => {
      const { asTransparency } = await import("../masks/paint");
      const form = new FormData();
      const stem = file.filename.replace(/\.[^.]*$/, "").replace(/ masked$/, "");
      form.append("image", await asTransparency(canvas), `${stem} masked.png`);
      form.append("original_ref", JSON.stringify(file));
      const response = await request("/api/upload/mask", { method: "POST", body: form });
      const found = (await response.json()) as { name: string; subfolder: string };
      onSaved(inputName({ filename: found.name, subfolder: found.subfolder, type: "input" }));
      refreshPictures();
    },
  });
}

/** Draw a mask for a node: on the picture it is given, or the one it loads or made. */
export function drawForNode(id: string): void {
  const document = currentDocument();
  const node = document.nodes[id];
  const own = node?.inputs["image"];
  if (node?.type === LOADER && own?.kind === "typed" && typeof own.value === "string") {
    drawOnFile(own.value, (name) => {
      edit("edit.mask", (before) => withTyped(before, id, name));
    });
    return;
  }
  const background = node === undefined ? undefined : pictureOf(document, node);
  if (node === undefined || background === undefined) {
    say("plain", text("mask.notYet"), text("mask.notYetRemedy"));
    return;
  }
  openMask({
    background,
    begins: null,
    save: async (canvas) => {
      const { asBlackAndWhite } = await import("../masks/paint");
      const uploaded = await uploadPicture(await asBlackAndWhite(canvas), "mask.png");
      edit("edit.mask", (before) => withMaskNode(before, id, inputName(uploaded)));
      refreshPictures();
    },
  });
}

function withTyped(document: GraphDocument, id: string, name: string): GraphDocument {
  const node = document.nodes[id];
  if (node === undefined) {
    return document;
  }
  const image: Typed = { kind: "typed", value: name };
  return addNode(document, { ...node, inputs: { ...node.inputs, image } });
}

/** The address of the picture a node is about; undefined where nothing has run yet. */
function pictureOf(document: GraphDocument, node: GraphNode): string | undefined {
  const type = currentCatalogue().types.get(node.type);
  for (const socket of type?.inputs ?? []) {
    const input = node.inputs[socket.name];
    if (socket.type !== "IMAGE" || input?.kind !== "link") {
      continue;
    }
    const source = document.nodes[input.node];
    const name = source?.inputs["image"];
    if (source?.type === LOADER && name?.kind === "typed" && typeof name.value === "string") {
      return `${viewUrl(inputFile(name.value))}&channel=rgb`;
    }
    const address = valueAddress(input.node, input.output);
    if (address !== undefined) {
      return address;
    }
  }
  const output = type?.outputs?.find((socket) => socket.type === "IMAGE");
  return output === undefined ? undefined : valueAddress(node.id, output.name);
}

function valueAddress(node: string, name: string): string | undefined {
  const job = useRun.getState().nodes[node]?.job;
  if (job === undefined || job === "") {
    return undefined;
  }
  const place = [job, node, name].map(encodeURIComponent).join("/");
  return `/blockloom/block_state/${place}?form=png`;
}

/** A node that loads the mask, linked to the first mask input that is still free. */
function withMaskNode(document: GraphDocument, target: string, name: string): GraphDocument {
  const node = document.nodes[target];
  if (node === undefined) {
    return document;
  }
  const id = freshId(document, "mask");
  const inputs: Record<string, Typed> = { image: typed(name), channel: typed("red") };
  const loader = { ...makeNode(id, MASK_LOADER, node.x - 40, node.y - ABOVE), inputs };
  const added = addNode(document, loader);
  const type = currentCatalogue().types.get(node.type);
  const free = type?.inputs?.find(
    (socket) =>
      node.inputs[socket.name] === undefined &&
      (socket.type === "MASK" || (socket.type === "IMAGE" && socket.name.startsWith("mask"))),
  );
  const wire = { from: id, output: "mask", to: target, input: free?.name ?? "" };
  return free === undefined ? added : connect(added, wire);
}

function typed(value: Json): Typed {
  return { kind: "typed", value };
}

function selectedNode(): string | undefined {
  const { nodes } = currentDocument();
  const found = [...useInterface.getState().selection].filter((id) => id in nodes);
  return found.length === 1 ? found[0] : undefined;
}

export const maskActions: readonly Action[] = [
  {
    id: "edit.mask",
    label: "mask.draw",
    group: "edit",
    isEnabled: () => selectedNode() !== undefined,
    run: () => {
      const id = selectedNode();
      if (id !== undefined) {
        drawForNode(id);
      }
    },
  },
];
