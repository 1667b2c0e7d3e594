/** Files dropped on the canvas: graphs are opened, pictures, films and sounds become nodes that
 * load them. */

import { addNode, freshId } from "../graph/edit";
import type { Place } from "../graph/edit";
import { parseFile } from "../graph/file";
import { makeNode } from "../graph/model";
import type { MediaKind } from "../media/kinds";
import { kindOfFile } from "../media/kinds";
import { inputName, uploadPicture } from "../protocol/uploads";
import { edit } from "../stores/document";
import { say, select } from "../stores/interface";
import { text } from "../texts/texts";
import { graphIn, openContent, readable, reportFileError } from "./open";

/** By what a file is: the node that loads it, and the input that names it. */
const LOADERS: Readonly<Record<MediaKind, readonly [type: string, input: string] | undefined>> = {
  picture: ["LoadImage", "image"],
  film: ["LoadVideo", "file"],
  sound: ["LoadAudio", "audio"],
  other: undefined,
};
const APART = 320;

/** Take files at a place of the graph: the first that carries a graph is opened. */
export async function takeFiles(files: readonly File[], place: Place): Promise<void> {
  for (const file of files) {
    if (await opensGraph(file)) {
      return;
    }
  }
  const pictures = files.filter((file) => LOADERS[kindOfFile(file)] !== undefined);
  const loaded: string[] = [];
  for (const [index, file] of pictures.entries()) {
    const id = await loadFile(file, { x: place.x + index * APART, y: place.y });
    if (id !== undefined) {
      loaded.push(id);
    }
  }
  if (loaded.length > 0) {
    select(loaded);
  }
}

async function opensGraph(file: File): Promise<boolean> {
  if (kindOfFile(file) !== "other") {
    const found = await graphIn(file);
    return found !== undefined && openContent(found.content, "", found.seed);
  }
  try {
    return openContent(await readable(parseFile(await file.text())));
  } catch (error) {
    reportFileError(error);
    return false;
  }
}

/** Upload a file and add a node that loads it; the node's id. */
async function loadFile(file: File, { x, y }: Place): Promise<string | undefined> {
  const kind = kindOfFile(file);
  const [type, input] = LOADERS[kind] ?? ["", ""];
  try {
    const uploaded = await uploadPicture(file, file.name);
    let id = "";
    edit("edit.drop", (document) => {
      id = freshId(document, kind);
      const node = makeNode(id, type, Math.round(x), Math.round(y));
      const named = { kind: "typed", value: inputName(uploaded) } as const;
      return addNode(document, { ...node, inputs: { [input]: named } });
    });
    return id;
  } catch (error) {
    say("bad", text("drop.uploadFailed", { name: file.name }));
    reportFileError(error);
    return undefined;
  }
}
