import { useMemo } from "react";
import type { Catalogue } from "../../catalogue/catalogue";
import type { Fits, SearchIndex } from "../../catalogue/search";
import { fittingSocket, makeIndex, searchTypes } from "../../catalogue/search";
import type { NodeType } from "../../catalogue/types";
import { useCatalogue } from "../../stores/catalogue";
import { currentDocument } from "../../stores/document";
import { usePalette } from "../../stores/palette";

let known: { readonly catalogue: Catalogue; readonly index: SearchIndex } | undefined;

/** The index of a catalogue, made when somebody first searches. */
export function indexOf(catalogue: Catalogue): SearchIndex {
  if (known?.catalogue !== catalogue) {
    known = { catalogue, index: makeIndex(catalogue) };
  }
  return known.index;
}

/** What fits the text; what is liked, was used of late or is of the graph's families comes first. */
export function usePaletteSearch(text: string, fits?: Fits): readonly NodeType[] {
  const catalogue = useCatalogue((state) => state.catalogue);
  const favourites = usePalette((state) => state.favourites);
  const recent = usePalette((state) => state.recent);
  return useMemo(() => {
    const families = familiesInUse(catalogue);
    const boost = (type: NodeType): number =>
      (favourites.includes(type.id) ? 4 : 0) +
      (recent.includes(type.id) ? 3 : 0) +
      (families.has(type.family ?? "") ? 2 : 0) +
      (type.kind === "function" && text === "" ? 2.5 : 0);
    const found = searchTypes(indexOf(catalogue), text, boost).map(({ type }) => type);
    return fits === undefined
      ? found
      : found.filter((type) => fittingSocket(type, fits, catalogue.accepts) !== undefined);
  }, [catalogue, favourites, recent, text, fits]);
}

function familiesInUse(catalogue: Catalogue): ReadonlySet<string> {
  const families = Object.values(currentDocument().nodes).map(
    ({ type }) => catalogue.types.get(type)?.family ?? "",
  );
  return new Set(families.filter((family) => family !== ""));
}
