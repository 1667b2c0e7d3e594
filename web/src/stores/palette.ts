/** Node types that somebody likes or has used of late; kept in this browser. */

import { create } from "zustand";
import { persist } from "zustand/middleware";

export interface PaletteState {
  /** Ids of node types, newest first. */
  readonly favourites: readonly string[];
  readonly recent: readonly string[];
  /** Folders of the tree that are open, by path. */
  readonly openFolders: readonly string[];
}

const MOST_RECENT = 8;

export const usePalette = create<PaletteState>()(
  persist((): PaletteState => ({ favourites: [], recent: [], openFolders: [] }), {
    name: "blockloom.palette",
  }),
);

export function toggleFavourite(id: string): void {
  usePalette.setState(({ favourites }) => ({ favourites: toggled(favourites, id) }));
}

export function toggleFolder(path: string): void {
  usePalette.setState(({ openFolders }) => ({ openFolders: toggled(openFolders, path) }));
}

export function noteUse(id: string): void {
  usePalette.setState(({ recent }) => ({
    recent: [id, ...recent.filter((known) => known !== id)].slice(0, MOST_RECENT),
  }));
}

function toggled(items: readonly string[], item: string): readonly string[] {
  return items.includes(item) ? items.filter((known) => known !== item) : [item, ...items];
}
