/** What keys do in a tree, as readers of trees know it. */

import type { Row } from "./tree";
import { parentOf } from "./tree";

export type TreeAnswer =
  | { readonly kind: "go"; readonly index: number }
  | { readonly kind: "toggle" }
  | { readonly kind: "star" };

const go = (index: number): TreeAnswer => ({ kind: "go", index });

/** What a key does on the row at ``at``; undefined where the tree leaves it to others. */
export function nextRow(rows: readonly Row[], at: number, key: string): TreeAnswer | undefined {
  const row = rows[at];
  if (row === undefined) {
    return undefined;
  }
  const isFolder = row.kind === "folder";
  switch (key) {
    case "ArrowDown":
      return go(Math.min(at + 1, rows.length - 1));
    case "ArrowUp":
      return go(Math.max(at - 1, 0));
    case "Home":
      return go(0);
    case "End":
      return go(rows.length - 1);
    case "ArrowRight":
      return isFolder ? (row.isOpen ? go(at + 1) : { kind: "toggle" }) : undefined;
    case "ArrowLeft":
      return isFolder && row.isOpen ? { kind: "toggle" } : go(parentOf(rows, at) ?? at);
    case "*":
      return isFolder ? undefined : { kind: "star" };
    default:
      return key.length === 1 && key !== " " ? startingWith(rows, at, key) : undefined;
  }
}

/** The next row whose name begins with a letter. */
function startingWith(rows: readonly Row[], at: number, key: string): TreeAnswer | undefined {
  for (let step = 1; step <= rows.length; step += 1) {
    const index = (at + step) % rows.length;
    const row = rows[index];
    const name = row?.kind === "folder" ? row.name : (row?.type.title ?? "");
    if (name.toLowerCase().startsWith(key.toLowerCase())) {
      return go(index);
    }
  }
  return undefined;
}
