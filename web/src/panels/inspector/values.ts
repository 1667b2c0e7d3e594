/** Choosing and comparing values: which are worth a picture, which have changed. */

import type { BlockState, ValueSummary, WrittenValue } from "../../protocol/blockStates";

/** Against the last run in which the node ran or was kept; "unknown" where there is none. */
export type Mark = "new" | "changed" | "same" | "unknown";

export interface KeyedValue {
  readonly name: string;
  readonly key?: string | null;
}

/** What became of a value since the earlier run; equal keys are equal values. */
export function markOf(value: KeyedValue, before: readonly KeyedValue[] | undefined): Mark {
  const known = keyOf(value.key);
  if (before === undefined || known === null) {
    return "unknown";
  }
  const found = before.find(({ name }) => name === value.name);
  if (found === undefined) {
    return "new";
  }
  const old = keyOf(found.key);
  return old === null ? "unknown" : old === known ? "same" : "changed";
}

/** The values of the earlier run that are gone in this one. */
export function goneSince<T extends KeyedValue>(
  now: readonly KeyedValue[],
  before: readonly T[] | undefined,
): readonly T[] {
  const names = new Set(now.map(({ name }) => name));
  return before?.filter(({ name }) => !names.has(name)) ?? [];
}

function keyOf(key: string | null | undefined): string | null {
  return key === undefined || key === null || key === "" ? null : key;
}

/** The value of a node that is worth a thumbnail: pictures first, then latents. */
export function mainValue(state: BlockState): WrittenValue | undefined {
  return bestOf(state.written);
}

export function bestOf<T extends { readonly name: string; readonly value: ValueSummary | null }>(
  values: readonly T[],
): T | undefined {
  let best: T | undefined;
  let bestRank = 0;
  for (const value of values) {
    const rank = value.value === null ? 0 : rankOf(value.name, value.value);
    if (rank > bestRank) {
      best = value;
      bestRank = rank;
    }
  }
  return best;
}

/** How much a value is worth a picture; 0 where it is none. */
function rankOf(name: string, { kind, shape }: ValueSummary): number {
  if (kind === "video") {
    return 6;
  }
  if (isPicture({ kind })) {
    return 5;
  }
  if (kind === "audio") {
    return 4;
  }
  if ((kind !== "tensor" && kind !== "array") || shape === undefined || shape.includes(0)) {
    return 0;
  }
  if (shape.length < 4) {
    return isPictureShape(shape) ? 2 : 0;
  }
  return name === "latents" ? 4 : 3;
}

/** Whether there is a picture to make of a value at all. */
export function isDrawable({ kind, shape }: ValueSummary): boolean {
  if (isPicture({ kind }) || kind === "video" || kind === "audio") {
    return true;
  }
  const isNumbers = kind === "tensor" || kind === "array";
  return isNumbers && shape !== undefined && shape.length >= 2 && !shape.includes(0);
}

/** Whether its numbers can be counted and downloaded as an array. */
export function isNumeric({ kind, shape }: ValueSummary): boolean {
  return (kind === "tensor" || kind === "array") && shape !== undefined && !shape.includes(0);
}

export function isPicture({ kind }: Pick<ValueSummary, "kind">): boolean {
  return kind === "image" || kind === "images";
}

/** Three or four bands of many rows and columns; one band could be anything. */
function isPictureShape(shape: readonly number[]): boolean {
  const [a = 0, b = 0, c = 0] = shape;
  const isBands = (count: number): boolean => count === 3 || count === 4;
  return (
    shape.length === 3 && ((isBands(a) && Math.min(b, c) > 4) || (isBands(c) && Math.min(a, b) > 4))
  );
}

/** What a node wrote, its main value first and what is none last; else in the order of writing. */
export function inOrderOfReading(state: BlockState): readonly WrittenValue[] {
  const main = mainValue(state);
  const place = (value: WrittenValue): number =>
    value === main ? 0 : value.value?.kind === "none" ? 2 : 1;
  return state.written.toSorted((a, b) => place(a) - place(b));
}

/** Who wrote the value that a node has replaced, as far as the node has read it. */
export function writerBefore(value: WrittenValue, state: BlockState): string {
  const read = state.read.find(({ name }) => name === value.name);
  return read === undefined || read.writer === state.node_id ? "" : read.writer;
}

/** What a node wrote, most telling first: its main value, then what has changed, then tensors. */
export function inOrderOfInterest(
  state: BlockState,
  before: BlockState | undefined,
): readonly WrittenValue[] {
  const main = mainValue(state);
  const score = (value: WrittenValue): number => {
    const mark = markOf(value, before?.written);
    const isTelling = mark === "changed" || mark === "new" ? 4 : 0;
    return (value === main ? 16 : 0) + isTelling + weightOf(value);
  };
  return state.written.toSorted((a, b) => score(b) - score(a));
}

function weightOf({ value, change }: WrittenValue): number {
  if (value === null || value.kind === "none" || change === "same") {
    return -4;
  }
  return isDrawable(value) ? 2 : value.kind === "text" ? 1 : 0;
}
