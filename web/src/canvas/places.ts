/** Where ends of wires are on the canvas, for whoever draws a line to them. */

import type { Catalogue } from "../catalogue/catalogue";
import type { Place } from "../graph/edit";
import { socketOnCanvas } from "../graph/frames";
import type { GraphDocument, Wire } from "../graph/model";
import type { Source } from "../protocol/answers";
import { giversOf } from "../stores/check";
import type { WireEnd } from "./ends";

export function placeOfEnd(
  document: GraphDocument,
  { node, side, socket }: WireEnd,
  catalogue: Catalogue,
): Place | undefined {
  const found = document.nodes[node];
  return found === undefined ? undefined : socketOnCanvas(document, found, side, socket, catalogue);
}

/** A line from an output to an input. */
export interface Line {
  readonly key: string;
  readonly from: Place;
  readonly to: Place;
  /** What travels along it. */
  readonly names: readonly string[];
  readonly isCertain: boolean;
}

export function lineOf(
  document: GraphDocument,
  wire: Wire,
  catalogue: Catalogue,
): Line | undefined {
  const start: WireEnd = { node: wire.from, side: "out", socket: wire.output };
  const end: WireEnd = { node: wire.to, side: "in", socket: wire.input };
  const [from, to] = [placeOfEnd(document, start, catalogue), placeOfEnd(document, end, catalogue)];
  return from === undefined || to === undefined
    ? undefined
    : { key: JSON.stringify(wire), from, to, names: [wire.output], isCertain: true };
}

/**
 * Lines from the nodes whose values an input takes over along the main wire.
 *
 * ``input`` "" stands for the whole node: then there is one line for each node that gives it anything.
 */
export function inheritedLines(
  document: GraphDocument,
  node: string,
  input: string,
  sources: Readonly<Record<string, Source>>,
  catalogue: Catalogue,
): readonly Line[] {
  const names = input === "" ? Object.keys(sources) : [input];
  const byGiver = new Map<string, { names: string[]; isCertain: boolean }>();
  for (const name of names) {
    const source = sources[name];
    if (source === undefined || source.from === "link") {
      continue;
    }
    for (const giver of giversOf(source)) {
      const known = byGiver.get(giver) ?? { names: [], isCertain: false };
      known.names.push(source.from === "state" ? source.name : name);
      known.isCertain ||= source.from !== "state" || source.is_certain;
      byGiver.set(giver, known);
    }
  }
  return [...byGiver].flatMap(([from, { names: carried, isCertain }]) => {
    const output = input === "" ? "" : (carried[0] ?? "");
    const line = lineOf(document, { from, output, to: node, input }, catalogue);
    return line === undefined ? [] : [{ ...line, key: from, names: carried, isCertain }];
  });
}
