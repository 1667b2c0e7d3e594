/** How the palette is opened: ``openDialog("palette", request)``. */

import type { Fits } from "../../catalogue/search";
import type { NodeType } from "../../catalogue/types";
import { isObject } from "../../graph/file";
import type { Json } from "../../graph/model";

/** The palette was asked for at a point of the screen. */
export interface PaletteRequest {
  readonly x: number;
  readonly y: number;
  /** Only nodes with such a socket, as when a link was dropped on the empty canvas. */
  readonly fits?: Fits;
  /** What is done with the type picked; where it is left out, the node is added there. */
  readonly onPick?: (type: NodeType) => void;
}

export function isPaletteRequest(data: unknown): data is PaletteRequest {
  return isObject(data as Json) && typeof (data as Partial<PaletteRequest>).x === "number";
}
