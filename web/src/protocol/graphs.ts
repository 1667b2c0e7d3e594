/** Graphs by name on the server: files of the user data folder. */

import type { GraphFile } from "../graph/file";
import type { Json } from "../graph/model";
import { getJson, request, ServerError } from "./http";

const FOLDER = "graphs";
const ENDING = ".json";

export interface NamedGraph {
  readonly name: string;
  /** When it was last saved, in milliseconds. */
  readonly modified: number;
  readonly size: number;
}

interface FileInfo {
  readonly path: string;
  readonly modified: number;
  readonly size: number;
}

/** All graphs, the one saved last first. */
export async function listGraphs(): Promise<NamedGraph[]> {
  let found: readonly FileInfo[];
  try {
    found = await getJson(`/api/userdata?dir=${FOLDER}&recurse=true&full_info=true`);
  } catch (error) {
    if (error instanceof ServerError && error.status === 404) {
      return [];
    }
    throw error;
  }
  return found
    .filter(({ path }) => path.endsWith(ENDING))
    .map(({ path, modified, size }) => ({ name: path.slice(0, -ENDING.length), modified, size }))
    .toSorted((left, right) => right.modified - left.modified);
}

export function openGraph(name: string): Promise<Json> {
  return getJson(addressOf(name));
}

/** Save a graph. With ``isNew``, one of that name is not replaced: the error has status 409. */
export async function saveGraph(name: string, file: GraphFile, isNew: boolean): Promise<void> {
  await request(`${addressOf(name)}?overwrite=${String(!isNew)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: JSON.stringify(file, null, 2),
  });
}

export async function deleteGraph(name: string): Promise<void> {
  await request(addressOf(name), { method: "DELETE" });
}

/** Why a name cannot be a file's; null where it can. ``/`` makes folders. */
export function nameProblem(name: string): "empty" | "letters" | "long" | null {
  if (name.trim() === "") {
    return "empty";
  }
  if (name.length > 120) {
    return "long";
  }
  const parts = name.split("/");
  const isOdd = parts.some((part) => part.trim() === "" || part.startsWith("."));
  // oxlint-disable-next-line no-control-regex
  return isOdd || /[\u0000-\u001f\\:*?"<>|]/.test(name) ? "letters" : null;
}

function pathOf(name: string): string {
  return `${FOLDER}/${name}${ENDING}`;
}

function addressOf(name: string): string {
  return `/api/userdata/${encodeURIComponent(pathOf(name))}`;
}
