/** The catalogue as a tree whose rows are drawn one below the other. */

import type { Catalogue } from "../../catalogue/catalogue";
import { listedTypes } from "../../catalogue/catalogue";
import type { NodeType } from "../../catalogue/types";

export type Row =
  | {
      readonly kind: "folder";
      readonly path: string;
      /** The last part of the path: a category, or "favourites" or "recent". */
      readonly name: string;
      readonly level: number;
      readonly isOpen: boolean;
      readonly count: number;
      /** A type in the folder, for its colour; undefined where it holds several families. */
      readonly sample: NodeType | undefined;
      /** The first of the families: a heading stands above it. */
      readonly startsFamilies: boolean;
    }
  | {
      readonly kind: "type";
      readonly path: string;
      readonly type: NodeType;
      readonly level: number;
    };

export interface Folder {
  readonly name: string;
  readonly path: string;
  readonly folders: readonly Folder[];
  readonly types: readonly NodeType[];
  readonly count: number;
}

/** What somebody needs first comes first; own categories of node files follow by name. */
const FIRST = ["model", "image", "mask", "value", "state", "component"];

/** All types in folders by their categories, without the steps of loops. */
export function makeFolders(catalogue: Catalogue): readonly Folder[] {
  const types = listedTypes(catalogue).filter(({ kind }) => kind !== "loop_step");
  const isOfFamily = ({ family }: NodeType): boolean => family !== undefined && family !== "";
  return [
    ...foldersOf(
      types.filter((type) => !isOfFamily(type)),
      0,
      "",
    ).toSorted(byUse),
    ...foldersOf(types.filter(isOfFamily), 0, "").toSorted(byName),
  ];
}

function foldersOf(types: readonly NodeType[], depth: number, parent: string): Folder[] {
  const groups = new Map<string, NodeType[]>();
  for (const type of types) {
    const name = type.category[depth];
    if (name !== undefined) {
      groups.set(name, [...(groups.get(name) ?? []), type]);
    }
  }
  return [...groups].map(([name, members]) => {
    const path = `${parent}/${name}`;
    return {
      name,
      path,
      count: members.length,
      folders: foldersOf(members, depth + 1, path).toSorted(byName),
      types: members
        .filter(({ category }) => category.length <= depth + 1)
        .toSorted((one, other) => one.title.localeCompare(other.title, "en")),
    };
  });
}

function byName(one: Folder, other: Folder): number {
  return one.name.localeCompare(other.name, "en", { numeric: true });
}

function byUse(one: Folder, other: Folder): number {
  const place = ({ name }: Folder): number => {
    const found = FIRST.indexOf(name);
    return found === -1 ? FIRST.length : found;
  };
  return place(one) - place(other) || byName(one, other);
}

export interface Kept {
  readonly favourites: readonly string[];
  readonly recent: readonly string[];
  readonly openFolders: readonly string[];
}

/** The rows to draw: what lies in closed folders is left out. */
export function rowsOf(folders: readonly Folder[], catalogue: Catalogue, kept: Kept): Row[] {
  const known = (ids: readonly string[]): NodeType[] =>
    ids.flatMap((id) => catalogue.types.get(id) ?? []);
  const rows: Row[] = [];
  for (const name of ["favourites", "recent"] as const) {
    const types = known(kept[name]);
    if (types.length > 0) {
      const path = `:${name}`;
      // Favourites are open until somebody closes them; what was used of late would move the tree.
      const isOpen = kept.openFolders.includes(path) === (name === "recent");
      rows.push(folderRow({ name, path, folders: [], types, count: types.length }, 1, isOpen));
      rows.push(...(isOpen ? typeRows(types, path, 2) : []));
    }
  }
  let hasFamilies = false;
  for (const folder of folders) {
    const isFamily = (sampleOf(folder)?.family ?? "") !== "";
    addRows(rows, folder, 1, kept.openFolders, isFamily && !hasFamilies);
    hasFamilies ||= isFamily;
  }
  return rows;
}

function addRows(
  rows: Row[],
  folder: Folder,
  level: number,
  open: readonly string[],
  startsFamilies = false,
): void {
  const isOpen = open.includes(folder.path);
  rows.push({ ...folderRow(folder, level, isOpen), startsFamilies });
  if (isOpen) {
    for (const inner of folder.folders) {
      addRows(rows, inner, level + 1, open);
    }
    rows.push(...typeRows(folder.types, folder.path, level + 1));
  }
}

function folderRow(
  folder: Folder,
  level: number,
  isOpen: boolean,
): Extract<Row, { kind: "folder" }> {
  const { name, path, count } = folder;
  return {
    kind: "folder",
    name,
    path,
    level,
    isOpen,
    count,
    sample: path.startsWith(":") ? undefined : sampleOf(folder),
    startsFamilies: false,
  };
}

function sampleOf(folder: Folder): NodeType | undefined {
  return folder.types[0] ?? folder.folders.map(sampleOf)[0];
}

function typeRows(types: readonly NodeType[], path: string, level: number): Row[] {
  return types.map((type) => ({ kind: "type", path: `${path}/:${type.id}`, type, level }));
}

/** The row of the folder in which a row lies; undefined at the top. */
export function parentOf(rows: readonly Row[], index: number): number | undefined {
  const level = rows[index]?.level ?? 1;
  for (let above = index - 1; above >= 0; above -= 1) {
    if ((rows[above]?.level ?? 1) < level) {
      return above;
    }
  }
  return undefined;
}
