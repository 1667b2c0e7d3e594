/** What differs between two graphs, node by node: for two runs beside each other. */

import type { Catalogue } from "../catalogue/catalogue";
import { effectiveNodes } from "./effective";
import type { GraphDocument, GraphNode, Input, NodeId } from "./model";

/** An input that is not the same: undefined where it is not given. */
export interface InputChange {
  readonly name: string;
  readonly before: Input | undefined;
  readonly after: Input | undefined;
}

export interface NodeChange {
  readonly id: NodeId;
  readonly before: GraphNode;
  readonly after: GraphNode;
  /** The node is of another type, though it has the same id. */
  readonly isOtherType: boolean;
  /** Inputs whose typed value is another one, or is not there on one side. */
  readonly values: readonly InputChange[];
  /** Inputs that are linked on one side at least, and not to the same output. */
  readonly links: readonly InputChange[];
}

export interface Difference {
  readonly added: readonly GraphNode[];
  readonly removed: readonly GraphNode[];
  readonly changed: readonly NodeChange[];
}

/** Compare what runs: places, titles, folds and bends in wires make no difference. */
export function difference(
  before: GraphDocument,
  after: GraphDocument,
  catalogue: Catalogue,
): Difference {
  const [old, now] = [effectiveNodes(before, catalogue), effectiveNodes(after, catalogue)];
  const changed: NodeChange[] = [];
  for (const node of Object.values(now)) {
    const known = old[node.id];
    const change = known === undefined ? undefined : changeOf(known, node);
    if (change !== undefined) {
      changed.push(change);
    }
  }
  return {
    added: Object.values(now).filter(({ id }) => !Object.hasOwn(old, id)),
    removed: Object.values(old).filter(({ id }) => !Object.hasOwn(now, id)),
    changed,
  };
}

export function isSame({ added, removed, changed }: Difference): boolean {
  return added.length + removed.length + changed.length === 0;
}

function changeOf(before: GraphNode, after: GraphNode): NodeChange | undefined {
  const names = new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)]);
  const inputs: InputChange[] = [...names]
    .map((name) => ({ name, before: before.inputs[name], after: after.inputs[name] }))
    .filter((change) => !isSameInput(change.before, change.after));
  const isOtherType = before.type !== after.type;
  if (inputs.length === 0 && !isOtherType) {
    return undefined;
  }
  const isLink = (change: InputChange): boolean =>
    change.before?.kind === "link" || change.after?.kind === "link";
  return {
    id: after.id,
    before,
    after,
    isOtherType,
    values: inputs.filter((change) => !isLink(change)),
    links: inputs.filter(isLink),
  };
}

function isSameInput(one: Input | undefined, other: Input | undefined): boolean {
  if (one?.kind === "link" && other?.kind === "link") {
    return one.node === other.node && one.output === other.output;
  }
  return (
    one?.kind === other?.kind &&
    (one?.kind !== "typed" ||
      other?.kind !== "typed" ||
      JSON.stringify(one.value) === JSON.stringify(other.value))
  );
}
