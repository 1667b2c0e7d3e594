/** What can be done with wires, and to the view of the canvas by hand. */

import { firstEnd } from "../canvas/firstEnd";
import { isWireId, wireOfId } from "../canvas/flow";
import { insertWithRoom } from "../canvas/insertDrag";
import { acceptOffer } from "../canvas/offers";
import type { NodeType } from "../catalogue/types";
import type { Place } from "../graph/edit";
import { addNode, disconnect, freshId } from "../graph/edit";
import { NODE_WIDTH } from "../graph/geometry";
import { insertReroute } from "../graph/insert";
import type { Wire } from "../graph/model";
import { makeNode } from "../graph/model";
import { sourceType } from "../graph/rules";
import { currentCatalogue } from "../stores/catalogue";
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
function place(): Place {
  return useGesture.getState().menu?.at ?? lastPointer() ?? { x: 0, y: 0 };
}

/** Offer the node types that the wire's value fits, and put the one picked into the wire. */
function askWhatToInsert(wire: Wire, at: Place): void {
  const catalogue = currentCatalogue();
  const type = sourceType(currentDocument(), wire.from, wire.output, catalogue);
  if (type === undefined) {
    return;
  }
  const where = placeAt(at);
  openDialog("palette", {
    ...at,
    fits: { side: "in", type },
    onPick: (picked: NodeType) => {
      const document = currentDocument();
      const id = freshId(document, picked.title);
      const node = makeNode(id, picked.id, Math.round(where.x) - NODE_WIDTH / 2, where.y - 18);
      edit("edit.insertOnWire", (found) =>
        insertWithRoom(addNode(found, node), id, wire, currentCatalogue()),
      );
      select([id]);
    },
  });
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
    id: "edit.insertOnWire",
    label: "edit.insertOnWire",
    group: "edit",
    isEnabled: () => selectedWires().length === 1,
    run: () => {
      const [wire] = selectedWires();
      if (wire !== undefined) {
        askWhatToInsert(wireOfId(wire), place());
      }
    },
  },
  {
    id: "edit.join",
    label: "edit.join",
    group: "edit",
    shortcuts: ["J"],
    isEnabled: () => useGesture.getState().offer !== null,
    run: acceptOffer,
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
    isOn: () => useInterface.getState().dragPans,
    run: () => {
      useInterface.setState(({ dragPans }) => ({ dragPans: !dragPans }));
    },
  },
];
