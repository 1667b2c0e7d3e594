/** Undo and redo, and taking things away. */

import { remove } from "../graph/edit";
import { removeAndClose } from "../graph/removal";
import { currentCatalogue } from "../stores/catalogue";
import { edit, redo, undo, useDocument } from "../stores/document";
import { select } from "../stores/interface";
import type { Action } from "./action";
import { hasSelection, selectedIds, selectedNodes } from "./selection";

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
      const ids = selectedIds();
      edit("edit.remove", (document) => remove(document, ids));
      select([]);
    },
  },
  {
    id: "edit.close",
    label: "edit.close",
    group: "edit",
    shortcuts: ["Mod+Delete", "Mod+Backspace"],
    isEnabled: () => selectedNodes().length > 0,
    run: () => {
      const ids = selectedIds();
      edit("edit.close", (document) => removeAndClose(document, ids, currentCatalogue()));
      select([]);
    },
  },
];
