/** What can be done with wires, and to the view of the canvas by hand. */

import { isWireId, wireOfId } from "../canvas/flow";
import { firstEnd } from "../canvas/firstEnd";
import { disconnect } from "../graph/edit";
import { insertReroute } from "../graph/insert";
import { currentDocument, edit } from "../stores/document";
import { useGesture } from "../stores/gesture";
import { openDialog, select, useInterface } from "../stores/interface";
import { lastPointer, placeAt } from "../stores/view";
import type { Action } from "./action";
import { selectedNodes } from "./selection";

function selectedWires(): readonly string[] {
  return [...useInterface.getState().selection].filter(isWireId);
}

const hasWire = (): boolean => selectedWires().length > 0;

/** Where the menu was asked for, else where the pointer is. */
function place(): { readonly x: number; readonly y: number } {
  return useGesture.getState().menu?.at ?? lastPointer() ?? { x: 0, y: 0 };
}

export const wireActions: readonly Action[] = [
  {
    id: "edit.cutWire",
    label: "edit.cutWire",
    group: "node",
    shortcuts: ["Delete", "Backspace"],
    isEnabled: hasWire,
    run: () => {
      const wires = selectedWires().map(wireOfId);
      edit("edit.cutWire", (document) =>
        wires.reduce((found, { to, input }) => disconnect(found, to, input), document),
      );
    },
  },
  {
    id: "edit.reroute",
    label: "edit.reroute",
    group: "node",
    isEnabled: () => selectedWires().length === 1,
    run: () => {
      const [wire] = selectedWires();
      if (wire !== undefined) {
        const { document, ids } = insertReroute(
          currentDocument(),
          wireOfId(wire),
          placeAt(place()),
        );
        edit("edit.reroute", () => document);
        select(ids);
      }
    },
  },
  {
    id: "link.start",
    label: "link.start",
    group: "node",
    shortcuts: ["L"],
    isEnabled: () => selectedNodes().length === 1,
    run: () => {
      const end = firstEnd(selectedNodes()[0]?.id ?? "");
      if (end !== undefined) {
        openDialog("link", end);
      }
    },
  },
  {
    id: "view.dragPans",
    label: "view.dragPans",
    group: "view",
    run: () => {
      useInterface.setState(({ dragPans }) => ({ dragPans: !dragPans }));
    },
  },
];
