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

export const useCatalogue = create<{ readonly catalogue: Catalogue; readonly isLoaded: boolean }>(
  () => ({ catalogue: EMPTY, isLoaded: false }),
);

export function currentCatalogue(): Catalogue {
  return useCatalogue.getState().catalogue;
}

export async function loadCatalogue(): Promise<void> {
  useCatalogue.setState({ catalogue: makeCatalogue(await fetchCatalogue()), isLoaded: true });
}
