/** Nodes of chosen blocks that were saved under a name: a setting of the user on the server. */

import { create } from "zustand";
import { OWN, SAVED, withType } from "../catalogue/catalogue";
import type { NodeType } from "../catalogue/types";
import type { Json } from "../graph/model";
import { getJson, postJson, ServerError } from "../protocol/http";
import { currentCatalogue, useCatalogue } from "./catalogue";
import { fetchChosenType } from "./chosenTypes";

export interface OwnNode {
  readonly title: string;
  /** The id of its type, with the blocks in it. */
  readonly type: string;
}

const ADDRESS = "/api/settings/blockloom.ownNodes";

export const useOwnNodes = create<{ readonly nodes: readonly OwnNode[] }>(() => ({ nodes: [] }));

/** Have what was saved in the palette, also when the catalogue is another one. */
export function keepOwnNodes(): () => void {
  void load();
  return useCatalogue.subscribe((state, before) => {
    if (state.catalogue.answer !== before.catalogue.answer) {
      void load();
    }
  });
}

/** Read the list, and put what is in it into the palette; without a server it stays as it is. */
async function load(): Promise<void> {
  try {
    const nodes = await readList();
    useOwnNodes.setState({ nodes });
    await Promise.all(nodes.map(list));
  } catch (error) {
    if (!(error instanceof ServerError)) {
      throw error;
    }
  }
}

/** Save a node under a title; one of the same title is replaced. */
export async function saveOwnNode(node: OwnNode): Promise<void> {
  const others = (await readList()).filter(({ title }) => title !== node.title);
  await writeList([...others, node]);
  await list(node);
}

export async function forgetOwnNode(title: string): Promise<void> {
  const nodes = await readList();
  await writeList(nodes.filter((node) => node.title !== title));
  const gone = nodes.find((node) => node.title === title);
  const type = gone === undefined ? undefined : currentCatalogue().types.get(gone.type);
  if (type !== undefined) {
    put({ ...type, category: [OWN] });
  }
}

/** Put a saved node into the palette. One whose blocks are not there any more is left out. */
async function list({ title, type: id }: OwnNode): Promise<void> {
  try {
    put({ ...(await fetchChosenType(id)), title, category: [OWN, SAVED] });
  } catch (error) {
    if (!(error instanceof ServerError)) {
      throw error;
    }
  }
}

function put(type: NodeType): void {
  useCatalogue.setState(({ catalogue }) => ({ catalogue: withType(catalogue, type) }));
}

async function readList(): Promise<readonly OwnNode[]> {
  const found = await getJson<Json>(ADDRESS);
  return Array.isArray(found) ? (found as readonly Json[]).flatMap(readNode) : [];
}

function readNode(value: Json): readonly OwnNode[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [];
  }
  const { title, type } = value as { readonly [key: string]: Json };
  return typeof title === "string" && typeof type === "string" ? [{ title, type }] : [];
}

async function writeList(nodes: readonly OwnNode[]): Promise<void> {
  await postJson(ADDRESS, nodes);
  useOwnNodes.setState({ nodes });
}
