/** What a node reads, before and after it runs. */

import type { NodeType } from "../../catalogue/types";
import { inputOf } from "../../catalogue/catalogue";
import type { Json } from "../../graph/model";
import type { ReadValue } from "../../protocol/blockStates";

/** Whether nobody gave the value: the block uses its own. */
export function isAtDefault({ came_from, value }: ReadValue): boolean {
  return came_from === "default" && (value === null || value.kind === "none");
}

/** A block's own value for an input in words; "" where it has none, or none that can be told. */
export function defaultOf(type: NodeType | undefined, name: string): string {
  const socket = inputOf(type, name);
  if (socket?.default_text !== undefined && socket.default_text !== "") {
    return socket.default_text;
  }
  return socket?.default === undefined || socket.default === null ? "" : jsonText(socket.default);
}

export function jsonText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
