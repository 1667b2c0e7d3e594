/** Choosing what other actions work on. */

import { idsOf } from "../graph/clipboard";
import { downstreamOf, upstreamOf } from "../graph/reach";
import { currentDocument } from "../stores/document";
import { select } from "../stores/interface";
import type { Action } from "./action";
import { hasSelection, selectedNodes } from "./selection";

const hasNode = (): boolean => selectedNodes().length > 0;

export const selectActions: readonly Action[] = [
  {
    id: "select.all",
    label: "select.all",
    group: "edit",
    shortcuts: ["Mod+A"],
    run: () => {
      select(idsOf(currentDocument()));
    },
  },
  {
    id: "select.none",
    label: "select.none",
    group: "edit",
    shortcuts: ["Escape", "Mod+Shift+A"],
    isEnabled: hasSelection,
    run: () => {
      select([]);
    },
  },
  {
    id: "select.upstream",
    label: "select.upstream",
    group: "edit",
    shortcuts: ["Mod+Shift+ArrowLeft"],
    isEnabled: hasNode,
    run: () => {
      const ids = selectedNodes().map(({ id }) => id);
      select(upstreamOf(currentDocument(), ids));
    },
  },
  {
    id: "select.downstream",
    label: "select.downstream",
    group: "edit",
    shortcuts: ["Mod+Shift+ArrowRight"],
    isEnabled: hasNode,
    run: () => {
      const ids = selectedNodes().map(({ id }) => id);
      select(downstreamOf(currentDocument(), ids));
    },
  },
];
