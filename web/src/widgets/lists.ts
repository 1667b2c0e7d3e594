/** Lists and named values as people write them. */

import type { SocketType } from "../catalogue/types";
import { isObject } from "../graph/file";
import type { Json } from "../graph/model";

export type ParsedValue =
  | { readonly value: Json | undefined }
  | { readonly problem: "control.noJson" | "control.noList" | "control.noDict" };

/** A value from JSON; a list may be written without its brackets, names without theirs. */
export function parseValue(text: string, type: SocketType): ParsedValue {
  const plain = text.trim();
  if (plain === "") {
    return { value: undefined };
  }
  const found = tryParse(plain) ?? tryParse(type === "DICT" ? `{${plain}}` : `[${plain}]`);
  if (found === undefined) {
    return { problem: "control.noJson" };
  }
  if (type === "DICT") {
    return isObject(found.value) || found.value === null ? found : { problem: "control.noDict" };
  }
  if (type === "LIST" && !Array.isArray(found.value) && found.value !== null) {
    // One value is a list of one.
    return isObject(found.value) ? { problem: "control.noList" } : { value: [found.value] };
  }
  return found;
}

function tryParse(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}

/** A value on one line, with a little air. */
export function shownValue(value: Json): string {
  if (Array.isArray(value)) {
    return `[${(value as readonly Json[]).map(shownValue).join(", ")}]`;
  }
  if (isObject(value)) {
    const items = Object.entries(value).map(
      ([name, item]) => `${JSON.stringify(name)}: ${shownValue(item)}`,
    );
    return `{${items.join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** A choice as it is listed: texts without quotes. */
export function shownChoice(choice: Json): string {
  return typeof choice === "string" ? choice : JSON.stringify(choice);
}
