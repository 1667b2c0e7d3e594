/** Node types with blocks of the user's choice: asked of the server when a graph has one. */

import { withType } from "../catalogue/catalogue";
import type { NodeType } from "../catalogue/types";
import { isFromRepository, LOAD_BLOCK, notLoaded } from "../graph/loadBlock";
import { getJson } from "../protocol/http";
import { currentCatalogue, useCatalogue } from "./catalogue";
import { currentDocument, useDocument } from "./document";

const asked = new Set<string>();

/** The type of an id that the catalogue may not list. Fails where the server has none. */
export async function fetchChosenType(id: string): Promise<NodeType> {
  const known = currentCatalogue().types.get(id);
  if (known !== undefined) {
    return known;
  }
  const type = await getJson<NodeType>(`/blockloom/node_types/${encodeURIComponent(id)}`);
  useCatalogue.setState(({ catalogue }) => ({ catalogue: withType(catalogue, type) }));
  return type;
}

/** Follow document and catalogue; returns a function that ends it. */
export function keepChosenTypes(): () => void {
  const look = (): void => {
    const { types } = currentCatalogue();
    const base = types.get(LOAD_BLOCK);
    for (const { type } of Object.values(currentDocument().nodes)) {
      if (base !== undefined && isFromRepository(type) && !type.endsWith("]") && !types.has(type)) {
        const found = notLoaded(type, base);
        useCatalogue.setState(({ catalogue }) => ({ catalogue: withType(catalogue, found) }));
      }
      if (type.endsWith("]") && !types.has(type) && !asked.has(type)) {
        asked.add(type);
        // What the server does not know stays drawn as unknown; the check says why.
        void fetchChosenType(type).catch(() => undefined);
      }
    }
  };
  const stops = [
    useDocument.subscribe((state, before) => {
      if (state.document !== before.document) {
        look();
      }
    }),
    useCatalogue.subscribe((state, before) => {
      if (state.catalogue.answer !== before.catalogue.answer) {
        asked.clear();
        look();
      }
    }),
  ];
  look();
  return () => {
    for (const stop of stops) {
      stop();
    }
  };
}
