/**
 * Blocks from repositories: what is typed on a Load Block to find its block is a part of its type, as
 * on the server, since its sockets depend on it.
 */

import type { NodeType } from "../catalogue/types";
import { idWithBlocks, partsOf } from "./blocks";
import type { Input, Json } from "./model";

export const LOAD_BLOCK = "BlockloomLoadBlock";
const MARK = "@";
const [REPOSITORY, REVISION] = ["repository", "revision"];

export function isLoadSetting(name: string): boolean {
  return name === REPOSITORY || name === REVISION;
}

/** Whether a type is that of a block from a repository, and not of a place inside one. */
export function isFromRepository(type: string): boolean {
  const [own] = partsOf(type);
  return own.startsWith(LOAD_BLOCK + MARK) && !own.includes(":");
}

/** The type of a node with these inputs: for a Load Block that of what is typed on it. */
export function typeByInputs(type: string, inputs: Readonly<Record<string, Input>>): string {
  const [own, blocks] = partsOf(type);
  if (own !== LOAD_BLOCK && !isFromRepository(type)) {
    return type;
  }
  const repository = textIn(inputs[REPOSITORY]);
  const revision = textIn(inputs[REVISION]);
  const behind = revision === "" ? "" : MARK + quoted(revision);
  const found = repository === "" ? LOAD_BLOCK : LOAD_BLOCK + MARK + quoted(repository) + behind;
  return blocks === undefined ? found : idWithBlocks(found, blocks);
}

/** What a file says of a type: the class of its node, and what is typed there to find the block. */
export function loadedFrom(type: string): readonly [string, Readonly<Record<string, Json>>] {
  if (!isFromRepository(type)) {
    return [type, {}];
  }
  const [, repository = "", revision = ""] = type.split(MARK).map(decodeURIComponent);
  const typed: Record<string, Json> = { [REPOSITORY]: repository };
  return [LOAD_BLOCK, revision === "" ? typed : { ...typed, [REVISION]: revision }];
}

/** What stands for a block that the catalogue does not have: only where to find it can be typed. */
export function notLoaded(type: string, base: NodeType): NodeType {
  return { ...base, id: type, category: base.category.slice(0, 1) };
}

function textIn(input: Input | undefined): string {
  return input?.kind === "typed" && typeof input.value === "string" ? input.value : "";
}

/** As Python quotes it: all but letters, digits and ``_.-~/``. */
function quoted(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
