/** What the mask editor is opened with. */

import { openDialog } from "../stores/interface";

export const MASK = "mask";

export interface MaskOrder {
  /** The address of the picture behind the mask. */
  readonly background: string;
  /** The address of a picture whose transparency the mask begins with; null for an empty mask. */
  readonly begins: string | null;
  /** Keep the mask: its canvas has the size of the picture, and the mask as its alpha. */
  readonly save: (canvas: HTMLCanvasElement) => Promise<void>;
}

export function openMask(order: MaskOrder): void {
  openDialog(MASK, order);
}
