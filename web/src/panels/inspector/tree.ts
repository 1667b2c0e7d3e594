/** Nested values as the rows of a tree, and where the keys lead in it. */

import type { NamedSummary, ValueSummary } from "../../protocol/blockStates";

export interface TreeRow {
  /** The names from the outermost value on, joined; unique in its tree. */
  readonly id: string;
  readonly path: readonly string[];
  readonly name: string;
  readonly depth: number;
  readonly summary: NamedSummary;
  readonly hasInside: boolean;
  readonly isOpen: boolean;
  readonly position: number;
  readonly siblings: number;
}

/** The rows that are seen while these are open. */
export function rowsOf(
  summary: ValueSummary,
  open: ReadonlySet<string>,
  path: readonly string[] = [],
): readonly TreeRow[] {
  const items = summary.items ?? [];
  return items.flatMap((item, index) => {
    const own = [...path, item.name];
    const id = JSON.stringify(own);
    const hasInside = (item.items?.length ?? 0) > 0;
    const isOpen = hasInside && open.has(id);
    const row: TreeRow = {
      id,
      path: own,
      name: item.name,
      depth: path.length,
      summary: item,
      hasInside,
      isOpen,
      position: index + 1,
      siblings: items.length,
    };
    return [row, ...(isOpen ? rowsOf(item, open, own) : [])];
  });
}

export type TreeMove = { readonly focus: string } | { readonly toggle: string } | null;

/** What a key does at a row: to another row, or open and close. */
export function keyInTree(rows: readonly TreeRow[], at: string, key: string): TreeMove {
  const index = rows.findIndex(({ id }) => id === at);
  const row = rows[index];
  if (row === undefined) {
    return null;
  }
  const to = (target: TreeRow | undefined): TreeMove =>
    target === undefined ? null : { focus: target.id };
  switch (key) {
    case "ArrowDown":
      return to(rows[index + 1]);
    case "ArrowUp":
      return to(rows[index - 1]);
    case "Home":
      return to(rows[0]);
    case "End":
      return to(rows.at(-1));
    case "ArrowRight":
      return row.hasInside && !row.isOpen
        ? { toggle: row.id }
        : to(row.isOpen ? rows[index + 1] : undefined);
    case "ArrowLeft":
      return row.isOpen ? { toggle: row.id } : to(parentOf(rows, index));
    case "Enter":
    case " ":
      return row.hasInside ? { toggle: row.id } : null;
    default:
      return null;
  }
}

function parentOf(rows: readonly TreeRow[], index: number): TreeRow | undefined {
  const depth = rows[index]?.depth ?? 0;
  return rows.slice(0, index).findLast((row) => row.depth < depth);
}
