/** Which link may exist, and if not, why: the same rules as the server's. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf, outputOf } from "../catalogue/catalogue";
import type { SocketType } from "../catalogue/types";
import type { GraphDocument, NodeId, Wire } from "./model";
import { REROUTE, wiresOf } from "./model";

export type Accepts = Readonly<Record<string, readonly SocketType[]>>;

/** A reason is a key of the text catalogue with what fills it in. */
export type Validity =
  | { readonly isValid: true }
  | {
      readonly isValid: false;
      readonly reason:
        | "wire.needsMainWire"
        | "wire.isMainWire"
        | "wire.doesNotFit"
        | "wire.circle"
        | "wire.itself"
        | "wire.unknown";
      readonly source: string;
      readonly target: string;
    };

const VALID: Validity = { isValid: true };

/** Say whether a value of type ``source`` may flow into a socket of type ``target``. */
export function mayFlow(source: SocketType, target: SocketType, accepts: Accepts): Validity {
  if (source === target) {
    return VALID;
  }
  if (source === "PIPELINE" || target === "PIPELINE") {
    const reason = target === "PIPELINE" ? "wire.needsMainWire" : "wire.isMainWire";
    return { isValid: false, reason, source, target };
  }
  if (source === "ANY" || target === "ANY" || accepts[target]?.includes(source) === true) {
    return VALID;
  }
  return { isValid: false, reason: "wire.doesNotFit", source, target };
}

/** Say whether a wire may be drawn: types fit and no circle comes of it. */
export function mayConnect(document: GraphDocument, wire: Wire, catalogue: Catalogue): Validity {
  if (wire.from === wire.to) {
    return { isValid: false, reason: "wire.itself", source: wire.output, target: wire.input };
  }
  const source = sourceType(document, wire.from, wire.output, catalogue);
  const target = targetType(document, wire.to, wire.input, catalogue);
  if (source === undefined || target === undefined) {
    return { isValid: false, reason: "wire.unknown", source: wire.output, target: wire.input };
  }
  if (reaches(document, wire.to, wire.from)) {
    return { isValid: false, reason: "wire.circle", source: wire.output, target: wire.input };
  }
  return mayFlow(source, target, catalogue.accepts);
}

/** The type of an output; a reroute has that of what flows into it. */
export function sourceType(
  document: GraphDocument,
  node: NodeId,
  output: string,
  catalogue: Catalogue,
): SocketType | undefined {
  let at = node;
  let name = output;
  const seen = new Set<NodeId>();
  for (;;) {
    const found = document.nodes[at];
    if (found === undefined || seen.has(at)) {
      return undefined;
    }
    if (found.type !== REROUTE) {
      return outputOf(catalogue.types.get(found.type), name)?.type;
    }
    seen.add(at);
    const input = found.inputs["value"];
    if (input?.kind !== "link") {
      return "ANY";
    }
    at = input.node;
    name = input.output;
  }
}

/** The type of an input; a reroute has that of what flows out of it, or into it. */
export function targetType(
  document: GraphDocument,
  node: NodeId,
  input: string,
  catalogue: Catalogue,
): SocketType | undefined {
  let at = { node, input };
  const seen = new Set<NodeId>();
  for (;;) {
    const found = document.nodes[at.node];
    if (found?.type !== REROUTE) {
      return inputOf(catalogue.types.get(found?.type ?? ""), at.input)?.type;
    }
    seen.add(at.node);
    const next = wiresOf(document).find(({ from }) => from === at.node);
    if (next === undefined || seen.has(next.to)) {
      return sourceTypeOfReroute(document, at.node, catalogue);
    }
    at = { node: next.to, input: next.input };
  }
}

function sourceTypeOfReroute(
  document: GraphDocument,
  node: NodeId,
  catalogue: Catalogue,
): SocketType | undefined {
  const type = sourceType(document, node, "value", catalogue);
  // What flows through it may be replaced by another value while nothing depends on it.
  return type === "PIPELINE" ? "PIPELINE" : "ANY";
}

/** Whether ``to`` is downstream of ``from``, along any wires. */
export function reaches(document: GraphDocument, from: NodeId, to: NodeId): boolean {
  const upstream: NodeId[] = [to];
  const seen = new Set<NodeId>();
  for (let at = upstream.pop(); at !== undefined; at = upstream.pop()) {
    if (at === from) {
      return true;
    }
    if (!seen.has(at)) {
      seen.add(at);
      for (const input of Object.values(document.nodes[at]?.inputs ?? {})) {
        if (input.kind === "link") {
          upstream.push(input.node);
        }
      }
    }
  }
  return false;
}
