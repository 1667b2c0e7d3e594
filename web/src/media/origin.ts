/** The graph that a picture, a film or a sound carries. */

import type { PictureGraph } from "../graph/png";
import { graphInPng } from "../graph/png";
import type { Json, JsonObject } from "../graph/model";
import { importFromComfyUI } from "../protocol/comfyui";
import { request, ServerError } from "../protocol/http";
import { kindOfFile } from "./kinds";

/** Undefined where there is none. A PNG is read here; films and sounds the server reads. */
export async function graphInFile(file: File): Promise<PictureGraph | undefined> {
  if (kindOfFile(file) !== "picture") {
    return graphInMedia(file);
  }
  const found = file.type === "image/png" ? await graphInPng(await file.arrayBuffer()) : undefined;
  return found?.workflow === undefined ? found : withPlaces(found, found.workflow);
}

/** A graph that ComfyUI saved, placed as it was drawn there; unplaced where that cannot be read. */
async function withPlaces(found: PictureGraph, workflow: JsonObject): Promise<PictureGraph> {
  try {
    return { content: await importFromComfyUI(found.content, workflow), seed: found.seed };
  } catch (error) {
    if (error instanceof ServerError) {
      return { content: found.content, seed: found.seed };
    }
    throw error;
  }
}

async function graphInMedia(file: File): Promise<PictureGraph | undefined> {
  const form = new FormData();
  form.append("image", file, file.name);
  try {
    const response = await request("/blockloom/origin", { method: "POST", body: form });
    const { seed, prompt, extra } = (await response.json()) as JsonObject & {
      readonly seed: Json;
    };
    return {
      content: { prompt: prompt ?? {}, extra: extra ?? {} },
      seed: typeof seed === "number" && Number.isSafeInteger(seed) ? seed : null,
    };
  } catch (error) {
    if (error instanceof ServerError) {
      return undefined;
    }
    throw error;
  }
}
