/** The socket that a link from a node starts at when nobody has said which one. */

import { MAIN_WIRE, REROUTE } from "../graph/model";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument } from "../stores/document";
import type { WireEnd } from "./ends";

/** Its main wire, else its first output, else its first input. */
export function firstEnd(id: string): WireEnd | undefined {
  const node = currentDocument().nodes[id];
  if (node === undefined) {
    return undefined;
  }
  if (node.type === REROUTE) {
    return { node: id, side: "out", socket: "value" };
  }
  const type = currentCatalogue().types.get(node.type);
  const outputs = type?.outputs ?? [];
  const output = outputs.find(({ name }) => name === MAIN_WIRE) ?? outputs[0];
  if (output !== undefined) {
    return { node: id, side: "out", socket: output.name };
  }
  const input = type?.inputs?.[0];
  return input === undefined ? undefined : { node: id, side: "in", socket: input.name };
}
