/** Order on the canvas: groups, notes, alignment and layout. */

import type { Axis, Edge } from "../graph/arrange";
import { align, distribute, snap } from "../graph/arrange";
import { freshId, putNote } from "../graph/edit";
import { groupAround, ungroup } from "../graph/groups";
import { layOut, MOST_LAID_OUT } from "../graph/layout";
import { drawnHeights } from "../stores/canvas";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit } from "../stores/document";
import { startRenaming } from "../stores/gesture";
import { say, select } from "../stores/interface";
import { viewCentre } from "../stores/view";
import type { TextKey } from "../texts/texts";
import { text } from "../texts/texts";
import type { Action } from "./action";
import { hasSelected, hasSelection, selectedIds, selectedNodes } from "./selection";

const GRID = 10;
const NOTE = { width: 240, height: 120 };

function groupSelection(): void {
  const { document, ids } = groupAround(currentDocument(), selectedIds(), "", currentCatalogue());
  edit("edit.group", () => document);
  select(ids);
  startRenaming(ids[0] ?? "");
}

/** A note with its middle at a place, or in the middle of the view. */
export function addNote(at = viewCentre()): void {
  const id = freshId(currentDocument(), "note");
  const x = Math.round((at.x - NOTE.width / 2) / GRID) * GRID;
  const y = Math.round((at.y - NOTE.height / 2) / GRID) * GRID;
  edit("edit.addNote", (document) => putNote(document, { id, text: "", x, y, ...NOTE }));
  select([id]);
}

/** Lay out these nodes, or all of them. */
export async function layOutNodes(ids: ReadonlySet<string> | null): Promise<void> {
  const asked = currentDocument();
  const count = ids?.size ?? Object.keys(asked.nodes).length;
  if (count > MOST_LAID_OUT) {
    say("plain", text("layout.tooMany", { count, most: MOST_LAID_OUT }), text("layout.remedy"));
    return;
  }
  const laidOut = await layOut(asked, ids, currentCatalogue(), drawnHeights());
  // Whatever was changed meanwhile is not undone by an answer that comes late.
  if (currentDocument() === asked) {
    edit("edit.layOut", () => laidOut);
  }
}

const hasTwoNodes = (): boolean => selectedNodes().length > 1;

function alignAction(edge: Edge): Action {
  const label: TextKey = `align.${edge}`;
  return {
    id: label,
    label,
    group: "arrange",
    isEnabled: hasSelected(2),
    run: () => {
      const ids = selectedIds();
      edit(label, (document) => align(document, ids, edge, currentCatalogue()));
    },
  };
}

function distributeAction(axis: Axis): Action {
  const label: TextKey = `distribute.${axis}`;
  return {
    id: label,
    label,
    group: "arrange",
    isEnabled: hasSelected(3),
    run: () => {
      const ids = selectedIds();
      edit(label, (document) => distribute(document, ids, axis, currentCatalogue()));
    },
  };
}

const EDGES: readonly Edge[] = ["left", "centre", "right", "top", "middle", "bottom"];

export const arrangeActions: readonly Action[] = [
  {
    id: "edit.group",
    label: "edit.group",
    group: "arrange",
    shortcuts: ["Mod+G"],
    isEnabled: hasSelection,
    run: groupSelection,
  },
  {
    id: "edit.ungroup",
    label: "edit.ungroup",
    group: "arrange",
    shortcuts: ["Mod+Shift+G"],
    isEnabled: () => [...selectedIds()].some((id) => id in currentDocument().groups),
    run: () => {
      const ids = selectedIds();
      edit("edit.ungroup", (document) => ungroup(document, ids));
    },
  },
  {
    id: "edit.addNote",
    label: "edit.addNote",
    group: "add",
    shortcuts: ["Shift+N"],
    run: () => {
      addNote();
    },
  },
  {
    id: "edit.layOut",
    label: "edit.layOut",
    group: "arrange",
    shortcuts: ["Mod+Alt+L"],
    isEnabled: () => Object.keys(currentDocument().nodes).length > 1,
    run: () => layOutNodes(null),
  },
  {
    id: "edit.layOutSelection",
    label: "edit.layOutSelection",
    group: "arrange",
    shortcuts: ["Mod+Shift+L"],
    isEnabled: hasTwoNodes,
    run: () => layOutNodes(new Set(selectedNodes().map(({ id }) => id))),
  },
  ...EDGES.map(alignAction),
  distributeAction("across"),
  distributeAction("down"),
  {
    id: "edit.snap",
    label: "edit.snap",
    group: "arrange",
    isEnabled: hasSelection,
    run: () => {
      const ids = selectedIds();
      edit("edit.snap", (document) => snap(document, ids, GRID, currentCatalogue()));
    },
  },
];
