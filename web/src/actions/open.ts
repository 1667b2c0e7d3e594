/** Opening graphs: from files, pictures, the server, examples. Undo leads back to what was open. */

import { FileError, isObject, isWorkflow, parseFile, readFile } from "../graph/file";
import { withPlaces } from "../graph/layout";
import type { GraphDocument, Json } from "../graph/model";
import type { PictureGraph } from "../graph/png";
import { withSeed } from "../graph/seed";
import { kindOfFile } from "../media/kinds";
import { importFromComfyUI } from "../protocol/comfyui";
import { openGraph } from "../protocol/graphs";
import { ServerError } from "../protocol/http";
import { currentCatalogue } from "../stores/catalogue";
import { openDocument } from "../stores/document";
import { say } from "../stores/interface";
import { text } from "../texts/texts";
import { reportError } from "./run";

/** Open a graph file's content. Says whether it could be read; if not, the user has been told. */
export function openContent(content: Json, name = "", seed: number | null = null): boolean {
  const catalogue = currentCatalogue();
  try {
    const read = readFile(content, catalogue);
    const seeded = seed === null ? read : withSeed(read, seed);
    openDocument(withPlaces(seeded, catalogue), name, "edit.open");
    return true;
  } catch (error) {
    reportFileError(error);
    return false;
  }
}

export function reportFileError(error: unknown): void {
  if (error instanceof FileError) {
    say("bad", text(error.reason, { place: error.place }));
  } else {
    reportError(error);
  }
}

/** Open the graph of that name on the server. */
export async function openNamed(name: string): Promise<boolean> {
  try {
    return openContent(await readable(await openGraph(name)), name);
  } catch (error) {
    reportFileError(error);
    return false;
  }
}

/** Open a JSON file, or the graph inside a picture, a film or a sound. */
export async function openFile(file: File): Promise<boolean> {
  if (kindOfFile(file) !== "other") {
    const found = await graphIn(file);
    if (found === undefined) {
      say("bad", text("file.noGraphInPicture", { name: file.name }), text("file.pictureRemedy"));
      return false;
    }
    return openContent(found.content, "", found.seed);
  }
  try {
    return openContent(await readable(parseFile(await file.text())));
  } catch (error) {
    reportFileError(error);
    return false;
  }
}

/** What can be opened: what ComfyUI saved becomes a graph file. */
export async function readable(content: Json): Promise<Json> {
  if (isWorkflow(content)) {
    return importFromComfyUI(content);
  }
  if (!isObject(content) || "prompt" in content) {
    return content;
  }
  try {
    return await importFromComfyUI(content);
  } catch (error) {
    // It opens as it is, too; only values that ComfyUI has in nodes of their own stay there.
    if (error instanceof ServerError) {
      return content;
    }
    throw error;
  }
}

/** The graph that a picture, a film or a sound carries, where it does. */
export async function graphIn(file: File): Promise<PictureGraph | undefined> {
  return (await import("../media/origin")).graphInFile(file);
}

/** An empty graph; undo brings back what was open. */
export function openEmpty(): void {
  const empty: GraphDocument = { nodes: {}, notes: {}, groups: {}, extra: {} };
  openDocument(empty, "", "edit.open");
}
