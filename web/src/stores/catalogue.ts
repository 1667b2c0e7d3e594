/** The catalogue: loaded once, before anything is drawn. */

import { create } from "zustand";
import type { Catalogue } from "../catalogue/catalogue";
import { makeCatalogue } from "../catalogue/catalogue";
import { fetchCatalogue } from "../protocol/api";

const EMPTY = makeCatalogue({
  version: "",
  diffusers: "",
  node_types: [],
  pipelines: [],
  accepts: {},
  problems: [],
});

export interface CatalogueState {
  readonly catalogue: Catalogue;
  /** Whether there is something to draw: the catalogue, and the first graph, if there is one. */
  readonly isReady: boolean;
}

export const useCatalogue = create<CatalogueState>(() => ({ catalogue: EMPTY, isReady: false }));

export function currentCatalogue(): Catalogue {
  return useCatalogue.getState().catalogue;
}

export async function loadCatalogue(): Promise<void> {
  useCatalogue.setState({ catalogue: makeCatalogue(await fetchCatalogue()) });
}
