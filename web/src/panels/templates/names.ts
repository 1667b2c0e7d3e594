/** Pipelines and their workflows in words. */

import type { Catalogue } from "../../catalogue/catalogue";
import { wordsOf } from "../../catalogue/words";
import type { Translate } from "../../texts/texts";
import { hasText } from "../../texts/texts";

/** A pipeline as its family is called elsewhere: ``stable-diffusion-xl`` is Stable Diffusion XL. */
export function pipelineTitle(pipeline: string, catalogue: Catalogue): string {
  for (const type of catalogue.types.values()) {
    const [category] = type.category;
    if (type.family === pipeline && category !== undefined) {
      return category;
    }
  }
  return pipeline
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

/** What a workflow may begin and end with, besides its task. */
const BEFORE = ["ip_adapter", "controlnet_union", "controlnet"] as const;
const AFTER = ["with_sound"] as const;

/** A workflow in words: ``controlnet_text2image`` is "Text to image, ControlNet". */
export function workflowTitle(workflow: string, t: Translate): string {
  let rest = workflow;
  const found: string[] = [];
  for (const part of BEFORE) {
    if (rest.startsWith(`${part}_`)) {
      rest = rest.slice(part.length + 1);
      found.push(t(`workflow.${part}`));
    }
  }
  for (const part of AFTER) {
    if (rest.endsWith(`_${part}`)) {
      rest = rest.slice(0, -part.length - 1);
      found.push(t(`workflow.${part}`));
    }
  }
  const key = `workflow.${rest}`;
  return [hasText(key) ? t(key) : inWords(rest), ...found].join(", ");
}

function inWords(name: string): string {
  const words = wordsOf(name).join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The sentences of a description up to the first list, as plain text. */
export function plainText(description: string): string {
  return (description.split(/\n\s*(?:-|\n)/)[0] ?? "")
    .replaceAll("`", "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
