/** Changing what is drawn. */

import { remove } from "../graph/edit";
import { edit, redo, undo, useDocument } from "../stores/document";
import { select, useInterface } from "../stores/interface";
import type { Action } from "./action";

const hasSelection = (): boolean => useInterface.getState().selection.size > 0;

export const editActions: readonly Action[] = [
  {
    id: "edit.undo",
    label: "edit.undo",
    group: "edit",
    shortcuts: ["Mod+Z"],
    isEnabled: () => useDocument.getState().past.length > 0,
    run: undo,
  },
  {
    id: "edit.redo",
    label: "edit.redo",
    group: "edit",
    shortcuts: ["Mod+Shift+Z", "Mod+Y"],
    isEnabled: () => useDocument.getState().future.length > 0,
    run: redo,
  },
  {
    id: "edit.remove",
    label: "edit.remove",
    group: "edit",
    shortcuts: ["Delete", "Backspace"],
    isEnabled: hasSelection,
    run: () => {
      const { selection } = useInterface.getState();
      edit("edit.remove", (document) => remove(document, selection));
      select([]);
    },
  },
];
