/** Files dropped on the canvas: graphs are opened, pictures become nodes that load them. */

import { addNode, freshId } from "../graph/edit";
import type { Place } from "../graph/edit";
import { parseFile } from "../graph/file";
import { makeNode } from "../graph/model";
import { graphInPng } from "../graph/png";
import { inputName, uploadPicture } from "../protocol/uploads";
import { edit } from "../stores/document";
import { say, select } from "../stores/interface";
import { text } from "../texts/texts";
import { isPicture, openContent, reportFileError } from "./open";

const LOADER = "LoadImage";
const APART = 320;

/** Take files at a place of the graph: the first that carries a graph is opened. */
export async function takeFiles(files: readonly File[], place: Place): Promise<void> {
  for (const file of files) {
    if (await opensGraph(file)) {
      return;
    }
  }
  const pictures = files.filter(isPicture);
  const loaded: string[] = [];
  for (const [index, file] of pictures.entries()) {
    const id = await loadPicture(file, { x: place.x + index * APART, y: place.y });
    if (id !== undefined) {
      loaded.push(id);
    }
  }
  if (loaded.length > 0) {
    select(loaded);
  }
}

async function opensGraph(file: File): Promise<boolean> {
  if (isPicture(file)) {
    const found =
      file.type === "image/png" ? await graphInPng(await file.arrayBuffer()) : undefined;
    return found !== undefined && openContent(found.content, "", found.seed);
  }
  try {
    return openContent(parseFile(await file.text()));
  } catch (error) {
    reportFileError(error);
    return false;
  }
}

/** Upload a picture and add a node that loads it; the node's id. */
async function loadPicture(file: File, { x, y }: Place): Promise<string | undefined> {
  try {
    const uploaded = await uploadPicture(file, file.name);
    let id = "";
    edit("edit.drop", (document) => {
      id = freshId(document, "picture");
      const node = makeNode(id, LOADER, Math.round(x), Math.round(y));
      const image = { kind: "typed", value: inputName(uploaded) } as const;
      return addNode(document, { ...node, inputs: { image } });
    });
    return id;
  } catch (error) {
    say("bad", text("drop.uploadFailed", { name: file.name }));
    reportFileError(error);
    return undefined;
  }
}
