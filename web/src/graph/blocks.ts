/**
 * Blocks that were chosen for the inside of a node: its input ``blocks`` in the file.
 *
 * In the editor they are a part of the node's type, as on the server: a loop with other blocks has
 * other sockets, and is another type. Its id says all there is to it.
 */

import type { NodeType } from "../catalogue/types";
import type { Json } from "./model";

export const BLOCKS = "blocks";
/** The node type that is nothing but its blocks. */
export const SEQUENCE = "BlockloomSequence";

export interface ChosenBlock {
  readonly name: string;
  readonly type: string;
}

/** The blocks in a file's value; undefined where it is no such list. */
export function readBlocks(value: Json | undefined): readonly ChosenBlock[] | undefined {
  const list = typeof value === "string" ? parsed(value) : value;
  if (!Array.isArray(list)) {
    return undefined;
  }
  const blocks = (list as readonly Json[]).map(readBlock);
  return blocks.every((block) => block !== undefined) ? blocks : undefined;
}

export function writeBlocks(blocks: readonly ChosenBlock[]): Json {
  return blocks.map(({ name, type }) => {
    const [own, inner] = partsOf(type);
    return inner === undefined
      ? { name, block: own }
      : { name, block: own, [BLOCKS]: writeBlocks(inner) };
  });
}

/** The id of a type with these blocks inside. */
export function idWithBlocks(type: string, blocks: readonly ChosenBlock[]): string {
  return type + JSON.stringify(blocks.map((block) => [block.name, block.type]));
}

/** The class in a type's id, and the blocks in it; undefined where they are the class's own. */
export function partsOf(id: string): [string, readonly ChosenBlock[] | undefined] {
  const start = id.indexOf("[");
  const pairs = start < 0 || !id.endsWith("]") ? undefined : parsed(id.slice(start));
  if (!Array.isArray(pairs)) {
    return [id, undefined];
  }
  const blocks = (pairs as readonly Json[]).map((pair) => {
    const [name, type] = Array.isArray(pair) ? (pair as readonly Json[]) : [];
    return { name: String(name), type: String(type) };
  });
  return [id.slice(0, start), blocks];
}

/** Whether the blocks inside nodes of a type can be chosen. */
export function takesBlocks(type: NodeType | undefined): boolean {
  return type?.kind === "loop" || (type !== undefined && partsOf(type.id)[0] === SEQUENCE);
}

/** Whether a block can stand inside a loop or a sequence; the server's check gives the reasons. */
export function mayStandInside(block: NodeType, outer: NodeType): boolean {
  if (outer.kind !== "loop") {
    return block.kind !== "function" && block.kind !== "component" && block.kind !== "loop_step";
  }
  if (block.kind !== "loop_step") {
    return false;
  }
  const given = outer.loop?.arguments ?? [];
  const taken = block.loop?.arguments ?? [];
  const takesAll = block.loop?.takes_any === true || given.every((name) => taken.includes(name));
  return takesAll && taken.every((name) => given.includes(name));
}

/** A name for one more block: its type's in short, with a number where that is taken. */
export function freshName(wanted: string, blocks: readonly ChosenBlock[]): string {
  const plain = wanted.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  const stem = plain.replaceAll(/^_+|_+$/g, "") || "block";
  const taken = new Set(blocks.map(({ name }) => name));
  let name = stem;
  for (let count = 2; taken.has(name); count += 1) {
    name = `${stem}_${count}`;
  }
  return name;
}

function readBlock(item: Json): ChosenBlock | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    return undefined;
  }
  const { name, block, [BLOCKS]: inner } = item as { readonly [key: string]: Json };
  if (typeof name !== "string" || typeof block !== "string") {
    return undefined;
  }
  if (inner === undefined) {
    return { name, type: block };
  }
  const blocks = readBlocks(inner);
  return blocks === undefined ? undefined : { name, type: idWithBlocks(block, blocks) };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
