/** What families and categories are called on screen. */

import type { NodeType } from "../../catalogue/types";
import type { Translate } from "../../texts/texts";
import { hasText } from "../../texts/texts";

/** A category in the language of the editor; those of diffusers' families are names. */
export function categoryName(category: string, t: Translate): string {
  const key = `category.${category}`;
  if (hasText(key)) {
    return t(key);
  }
  return category.charAt(0).toUpperCase() + category.slice(1);
}

/** Where a type belongs, as a path: ``Flux › Denoise``. */
export function categoryPath(type: NodeType, t: Translate): string {
  return type.category.map((category) => categoryName(category, t)).join(" › ");
}

/** The first sentences of a description, as plain text; enough to choose by. */
export function shortDescription(type: NodeType): string {
  const text = (type.description ?? "").split(/\n\s*\n/)[0] ?? "";
  return text.replaceAll(/\[`?([^\]`]+)`?\](\([^)]*\))?/g, "$1").replaceAll("`", "");
}
