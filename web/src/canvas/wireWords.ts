/** Sockets, wires and values in words, in the language of the page. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf, outputOf, socketTitle } from "../catalogue/catalogue";
import type { InputSocket } from "../catalogue/types";
import type { GraphDocument, Json } from "../graph/model";
import { MAIN_WIRE } from "../graph/model";
import type { Source } from "../protocol/answers";
import type { TextKey } from "../texts/texts";
import { hasText, text } from "../texts/texts";
import type { WireEnd } from "./ends";

interface Refusal {
  readonly reason: TextKey;
  readonly source: string;
  readonly target: string;
}

/** Why a wire may not be drawn. */
export function refusalText({ reason, source, target }: Refusal): string {
  const words = text(reason, { source: typeText(source), target: typeText(target) });
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a type of sockets is called; other words, such as names of sockets, stay as they are. */
export function typeText(type: string): string {
  const key = `type.${type}`;
  return hasText(key) ? text(key) : type;
}

/** What a node is called on screen; its id where it is not drawn any more. */
export function nodeTitle(document: GraphDocument, id: string, catalogue: Catalogue): string {
  const node = document.nodes[id];
  if (node === undefined) {
    return id;
  }
  return node.title !== "" ? node.title : (catalogue.types.get(node.type)?.title ?? node.type);
}

/** What a socket is called on screen. */
export function endTitle(
  document: GraphDocument,
  { node, side, socket }: WireEnd,
  catalogue: Catalogue,
): string {
  if (socket === MAIN_WIRE) {
    return text(side === "in" ? "socket.mainIn" : "socket.mainOut");
  }
  const type = catalogue.types.get(document.nodes[node]?.type ?? "");
  const found = side === "in" ? inputOf(type, socket) : outputOf(type, socket);
  return found === undefined ? socket : socketTitle(found);
}

/** Where an input gets its value, in a few words. */
export function originText(source: Source | undefined, titleOf: (id: string) => string): string {
  switch (source?.from) {
    case "link":
      return text("origin.linked", { node: titleOf(source.node) });
    case "typed":
      return text("origin.typed");
    case "state":
      return text(source.is_certain ? "origin.state" : "origin.maybe", {
        node: titleOf(source.node),
      });
    case "bundle":
      return bundleText(source.fields, titleOf);
    case "default": {
      const value = source.text !== "" ? source.text : shownValue(source.value);
      return value === "" ? text("origin.optional") : text("origin.defaultValue", { value });
    }
    default:
      return text("origin.none");
  }
}

function bundleText(
  fields: { readonly [name: string]: Json },
  titleOf: (id: string) => string,
): string {
  const nodes = [...new Set(Object.values(fields))].filter((id) => typeof id === "string");
  return nodes.length === 0
    ? text("origin.none")
    : text("origin.bundle", { node: nodes.map(titleOf).join(", ") });
}

/** What counts where nothing else gives a value; "" where that is nothing. */
export function defaultText(socket: InputSocket): string {
  if (socket.default_text !== undefined && socket.default_text !== "") {
    return socket.default_text;
  }
  return shownValue(socket.default);
}

export function shownValue(value: Json | undefined): string {
  if (value === undefined || value === null) {
    return "";
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
