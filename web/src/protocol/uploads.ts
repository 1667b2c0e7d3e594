/** Pictures, films and sounds for the input folder. */

import type { ShownFile } from "./answers";
import { getJson, request } from "./http";

/** Upload a picture, a film or a sound; the server may give it another name where that one is taken. */
export async function uploadPicture(file: Blob, name: string, subfolder = ""): Promise<ShownFile> {
  const form = new FormData();
  form.append("image", file, name);
  form.append("type", "input");
  form.append("subfolder", subfolder);
  const response = await request("/api/upload/image", { method: "POST", body: form });
  const found = (await response.json()) as { name: string; subfolder: string };
  return { filename: found.name, subfolder: found.subfolder, type: "input" };
}

/** What a node's input calls an uploaded file. */
export function inputName(file: ShownFile): string {
  return file.subfolder === "" ? file.filename : `${file.subfolder}/${file.filename}`;
}

/** The file that a node's input names, to be shown. */
export function inputFile(name: string): ShownFile {
  const end = name.lastIndexOf("/");
  return {
    filename: name.slice(end + 1),
    subfolder: end < 0 ? "" : name.slice(0, end),
    type: "input",
  };
}

interface LoaderInfo {
  readonly input: { readonly required?: Readonly<Record<string, readonly unknown[]>> };
}

/** The files in the input folder that an input of a node may name. */
export async function listInputs(type: string, input: string): Promise<readonly string[]> {
  const info = await getJson<Readonly<Record<string, LoaderInfo>>>(`/api/object_info/${type}`);
  const [names] = info[type]?.input.required?.[input] ?? [];
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}
