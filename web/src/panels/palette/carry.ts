/** A node on its way from the panel to the canvas: into a wire, beside a chain, or where it is free. */

import { cornerFor, newNode } from "../../actions/add";
import { wireOfId } from "../../canvas/flow";
import type { DropWire } from "../../canvas/insertDrag";
import { insertWithRoom, wiresToDropOn, wireUnder } from "../../canvas/insertDrag";
import { offerToJoin } from "../../canvas/offers";
import type { NodeType } from "../../catalogue/types";
import type { Place } from "../../graph/edit";
import { addNode } from "../../graph/edit";
import { frameOf } from "../../graph/frames";
import { currentCatalogue } from "../../stores/catalogue";
import { currentDocument, edit } from "../../stores/document";
import { useGesture } from "../../stores/gesture";
import { select } from "../../stores/interface";
import { noteUse } from "../../stores/palette";

export interface Carried {
  /** Show the wire that the node would be put into there; ``undefined`` is off the canvas. */
  readonly hover: (at: Place | undefined) => void;
  /** Add the node there, as one change. */
  readonly drop: (at: Place) => void;
}

export function carry(type: NodeType): Carried {
  let wires: readonly DropWire[] | undefined;
  const wireAt = (at: Place): string | null => {
    const node = newNode(type.id, cornerFor(at));
    const document = addNode(currentDocument(), node);
    const frame = frameOf(document, node.id, currentCatalogue());
    wires ??= wiresToDropOn(node.id, document);
    return frame === undefined ? null : wireUnder(wires, frame);
  };
  return {
    hover: (at) => {
      const wire = at === undefined ? null : wireAt(at);
      if (wire !== useGesture.getState().dropWire) {
        useGesture.setState({ dropWire: wire });
      }
    },
    drop: (at) => {
      const wire = wireAt(at);
      const node = newNode(type.id, cornerFor(at));
      edit("edit.add", (document) => {
        const added = addNode(document, node);
        return wire === null
          ? added
          : insertWithRoom(added, node.id, wireOfId(wire), currentCatalogue());
      });
      select([node.id]);
      noteUse(type.id);
      if (wire === null) {
        offerToJoin(node.id);
      }
    },
  };
}
