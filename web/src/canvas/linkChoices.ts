/** The sockets that a link could be drawn to, as a list: the likely ones first, refused ones last. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf } from "../catalogue/catalogue";
import { shapeIn } from "../graph/frames";
import type { GraphDocument, GraphNode } from "../graph/model";
import type { Side, WireEnd } from "./ends";
import { endKey, fittingEnds, judge, typeOfEnd } from "./ends";
import { socketsOf } from "./flow";
import { endTitle, nodeTitle, refusalText } from "./wireWords";

export interface LinkChoice {
  readonly end: WireEnd;
  readonly socket: string;
  readonly node: string;
  /** Why it may not be; "" where it may. */
  readonly refusal: string;
}

/** Choices whose socket or node has all words of a text in its name. */
export function linkChoices(
  document: GraphDocument,
  loose: WireEnd,
  text: string,
  catalogue: Catalogue,
): readonly LinkChoice[] {
  const fitting = fittingEnds(document, loose, catalogue);
  const side: Side = loose.side === "out" ? "in" : "out";
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fit: { choice: LinkChoice; score: number }[] = [];
  const refused: LinkChoice[] = [];
  for (const node of Object.values(document.nodes)) {
    if (node.id === loose.node) {
      continue;
    }
    for (const socket of socketsToOffer(document, node, side, fitting, catalogue)) {
      const end: WireEnd = { node: node.id, side, socket };
      const names = {
        socket: endTitle(document, end, catalogue),
        node: nodeTitle(document, node.id, catalogue),
      };
      const searched = `${names.socket} ${socket} ${names.node}`.toLowerCase();
      if (!words.every((word) => searched.includes(word))) {
        continue;
      }
      if (fitting.has(endKey(end))) {
        const score = scoreOf(document, loose, end, catalogue);
        fit.push({ choice: { end, ...names, refusal: "" }, score });
      } else {
        const { validity } = judge(document, loose, end, catalogue);
        const refusal = validity.isValid ? "" : refusalText(validity);
        refused.push({ end, ...names, refusal });
      }
    }
  }
  const best = fit.toSorted((one, other) => other.score - one.score);
  return [...best.map(({ choice }) => choice), ...refused.toSorted(byDistance(document, loose))];
}

/** All sockets that fit, and those that are drawn: to say of these why they do not. */
function socketsToOffer(
  document: GraphDocument,
  node: GraphNode,
  side: Side,
  fitting: ReadonlySet<string>,
  catalogue: Catalogue,
): readonly string[] {
  const type = catalogue.types.get(node.type);
  const declared: readonly { readonly name: string }[] =
    (side === "in" ? type?.inputs : type?.outputs) ?? [];
  const drawn = socketsOf(node, shapeIn(document, node, catalogue))
    .filter((socket) => socket.side === side)
    .map(({ name }) => name);
  const folded = declared
    .map(({ name }) => name)
    .filter((name) => fitting.has(endKey({ node: node.id, side, socket: name })));
  return [...new Set([...drawn, ...folded])];
}

/** The nearest nodes first, those that come after in the graph before those that come earlier. */
function byDistance(
  document: GraphDocument,
  loose: WireEnd,
): (one: LinkChoice, other: LinkChoice) => number {
  const x = document.nodes[loose.node]?.x ?? 0;
  const way = loose.side === "out" ? 1 : -1;
  const far = ({ end }: LinkChoice): number => {
    const across = ((document.nodes[end.node]?.x ?? 0) - x) * way;
    return across >= 0 ? across : 1e6 - across;
  };
  return (one, other) => far(one) - far(other);
}

function scoreOf(
  document: GraphDocument,
  loose: WireEnd,
  end: WireEnd,
  catalogue: Catalogue,
): number {
  const [from, to] = [document.nodes[loose.node], document.nodes[end.node]];
  const far = from === undefined || to === undefined ? 0 : Math.hypot(to.x - from.x, to.y - from.y);
  const isSame = typeOfEnd(document, loose, catalogue) === typeOfEnd(document, end, catalogue);
  const socket = inputOf(catalogue.types.get(to?.type ?? ""), end.socket);
  const isFree = end.side === "out" || to?.inputs[end.socket]?.kind !== "link";
  return (
    (isSame ? 40 : 0) +
    (end.socket === loose.socket ? 30 : 0) +
    (isFree ? 20 : 0) +
    (socket?.is_required === true ? 5 : 0) +
    (socket?.role === "intermediate" ? -3 : 0) -
    Math.min(far / 400, 18)
  );
}
