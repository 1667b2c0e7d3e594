/** Opening graphs: from files, pictures, the server, examples. Undo leads back to what was open. */

import { FileError, parseFile, readFile } from "../graph/file";
import { withPlaces } from "../graph/layout";
import type { GraphDocument, Json } from "../graph/model";
import { graphInPng } from "../graph/png";
import { withSeed } from "../graph/seed";
import { openGraph } from "../protocol/graphs";
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
    return openContent(await openGraph(name), name);
  } catch (error) {
    reportFileError(error);
    return false;
  }
}

/** Open a JSON file, or the graph inside a PNG. */
export async function openFile(file: File): Promise<boolean> {
  if (isPicture(file)) {
    const found = await graphInPng(await file.arrayBuffer());
    if (found === undefined) {
      say("bad", text("file.noGraphInPicture", { name: file.name }), text("file.pictureRemedy"));
      return false;
    }
    return openContent(found.content, "", found.seed);
  }
  try {
    return openContent(parseFile(await file.text()));
  } catch (error) {
    reportFileError(error);
    return false;
  }
}

export function isPicture(file: File): boolean {
  return file.type.startsWith("image/");
}

/** An empty graph; undo brings back what was open. */
export function openEmpty(): void {
  const empty: GraphDocument = { nodes: {}, notes: {}, groups: {}, extra: {} };
  openDocument(empty, "", "edit.open");
}
