/** What clicks on wires do. */

import { disconnect } from "../graph/edit";
import { insertReroute } from "../graph/insert";
import { edit } from "../stores/document";
import { placeAt } from "../stores/view";
import type { FlowEdge } from "./flow";
import { wireOfId } from "./flow";
import { pick } from "./selection";

interface Click {
  readonly clientX: number;
  readonly clientY: number;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** A click selects a wire; with Alt it cuts it. */
export function onWireClick(event: Click, { id }: FlowEdge): void {
  if (event.altKey) {
    cutWire(id);
  } else {
    pick(id, event);
  }
}

/** A double click puts a bend where it was. */
export function onWireDoubleClick(event: Click, { id }: FlowEdge): void {
  bendWire(id, { x: event.clientX, y: event.clientY });
}

export function cutWire(id: string): void {
  const { to, input } = wireOfId(id);
  edit("edit.disconnect", (document) => disconnect(document, to, input));
}

export function bendWire(id: string, screen: { readonly x: number; readonly y: number }): void {
  edit(
    "edit.reroute",
    (document) => insertReroute(document, wireOfId(id), placeAt(screen)).document,
  );
}
