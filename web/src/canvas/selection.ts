/** Selecting by clicks and boxes; Shift or Ctrl adds to what is selected. */

import type { NodeChange } from "@xyflow/react";
import { select, useInterface } from "../stores/interface";
import type { FlowNode } from "./flow";

interface Keys {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

let pressed: { readonly before: ReadonlySet<string>; readonly isAdding: boolean } | undefined;
let kept: ReadonlySet<string> | undefined;

export function isAdding({ shiftKey, ctrlKey, metaKey }: Keys): boolean {
  return shiftKey || ctrlKey || metaKey;
}

/** Remember what is selected when a button goes down: a box may add to it. */
export function notePress(keys: Keys): void {
  pressed = { before: useInterface.getState().selection, isAdding: isAdding(keys) };
}

export function beginBox(): void {
  kept = pressed?.isAdding === true ? pressed.before : undefined;
  if (kept !== undefined) {
    select(kept);
  }
}

export function endBox(): void {
  kept = undefined;
}

/** Take up what the canvas library says has been selected, or is no more. */
export function takeSelection(changes: readonly NodeChange<FlowNode>[]): void {
  const picked = changes.filter((change) => change.type === "select");
  if (picked.length === 0) {
    return;
  }
  const next = new Set(useInterface.getState().selection);
  for (const { id, selected } of picked) {
    if (selected) {
      next.add(id);
    } else if (kept?.has(id) !== true) {
      next.delete(id);
    }
  }
  select(next);
}

/** Select what was clicked, alone or with the rest. */
export function pick(id: string, keys: Keys): void {
  const { selection } = useInterface.getState();
  if (!isAdding(keys)) {
    select([id]);
    return;
  }
  const next = new Set(selection);
  if (!next.delete(id)) {
    next.add(id);
  }
  select(next);
}
