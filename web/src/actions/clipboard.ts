/**
 * Copy, cut and paste through the system's clipboard, as graph files; and duplicate.
 *
 * The keys make the browser send events of its own, which work on every page. Menus have to ask for
 * the clipboard, which browsers allow on secure pages only: elsewhere what was copied here is kept.
 */

import { copyText, duplicate, paste, readCopy } from "../graph/clipboard";
import type { Place } from "../graph/edit";
import { remove } from "../graph/edit";
import type { GraphDocument } from "../graph/model";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit } from "../stores/document";
import { say, select, useInterface } from "../stores/interface";
import { canvasFrame, lastPointer, placeAt, viewCentre } from "../stores/view";
import { text } from "../texts/texts";
import type { Action } from "./action";
import { hasSelection, selectedIds } from "./selection";
import { isTyping, shownShortcut } from "./shortcuts";

const GRID = 10;
const STEP = 30;
const TITLE: Place = { x: 40, y: 18 };

let copied = "";
let lastPaste: Place | undefined;

/** What is selected, as text; it is also kept here, for pages without a clipboard. */
function copySelection(): string {
  copied = copyText(currentDocument(), selectedIds(), currentCatalogue());
  return copied;
}

function removeSelection(): void {
  const ids = selectedIds();
  edit("edit.cut", (document) => remove(document, ids));
  select([]);
}

/** Put the graph of a text down at the pointer, and select it; says whether there was one. */
export function pasteText(content: string, keepsOutside = false): boolean {
  const catalogue = currentCatalogue();
  const part = readCopy(content, catalogue);
  if (part === undefined) {
    return false;
  }
  const at = pastePlace();
  putDown("edit.paste", (document) => paste(document, part, catalogue, { at, keepsOutside }));
  return true;
}

function putDown(
  label: string,
  place: (document: GraphDocument) => ReturnType<typeof paste>,
): void {
  let ids: readonly string[] = [];
  edit(label, (document) => {
    const placed = place(document);
    ids = placed.ids;
    return placed.document;
  });
  select(ids);
}

/** Where the pointer is on the canvas, else the middle; a little further on the second time. */
function pastePlace(): Place {
  const pointer = lastPointer();
  const { left, right, top, bottom } = canvasFrame();
  const isOver =
    pointer !== undefined &&
    pointer.x > left &&
    pointer.x < right &&
    pointer.y > top &&
    pointer.y < bottom;
  const { x, y } = isOver ? placeAt(pointer) : viewCentre();
  let place = { x: onGrid(x - TITLE.x), y: onGrid(y - TITLE.y) };
  if (lastPaste !== undefined && isNear(lastPaste, place)) {
    place = { x: lastPaste.x + STEP, y: lastPaste.y + STEP };
  }
  lastPaste = place;
  return place;
}

/** Within a few steps of the last place: pasted there again, without having moved the pointer. */
function isNear(last: Place, { x, y }: Place): boolean {
  const [dx, dy] = [last.x - x, last.y - y];
  return dx === dy && dx >= 0 && dx <= STEP * 10;
}

function onGrid(value: number): number {
  return useInterface.getState().isSnapping ? Math.round(value / GRID) * GRID : Math.round(value);
}

/** Follow the browser's own clipboard events; returns a function that ends it. */
export function keepClipboard(): () => void {
  let isLinked = false;
  const onKey = (event: KeyboardEvent): void => {
    isLinked = event.shiftKey;
  };
  const onCopy = (event: ClipboardEvent): void => {
    if (!isMeant(event) || !hasSelection()) {
      return;
    }
    event.preventDefault();
    event.clipboardData?.setData("text/plain", copySelection());
    if (event.type === "cut") {
      removeSelection();
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (isMeant(event) && pasteText(event.clipboardData?.getData("text/plain") ?? "", isLinked)) {
      event.preventDefault();
    }
  };
  // Without this Safari sends no event where no text is selected.
  const allow = (event: Event): void => {
    if (isMeant(event) && hasSelection()) {
      event.preventDefault();
    }
  };
  const listeners: readonly (readonly [string, (event: never) => void])[] = [
    ["keydown", onKey],
    ["copy", onCopy],
    ["cut", onCopy],
    ["paste", onPaste],
    ["beforecopy", allow],
    ["beforecut", allow],
  ];
  for (const [type, listener] of listeners) {
    window.addEventListener(type, listener as EventListener);
  }
  return () => {
    for (const [type, listener] of listeners) {
      window.removeEventListener(type, listener as EventListener);
    }
  };
}

/** Fields, selected text and dialogs have a clipboard of their own. */
function isMeant(event: Event): boolean {
  const hasText = window.getSelection()?.isCollapsed === false;
  return !(event.defaultPrevented || isTyping(event.target) || hasText || isUnderDialog());
}

function isUnderDialog(): boolean {
  return useInterface.getState().dialog !== null;
}

async function writeClipboard(content: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(content);
  } catch {
    // Not allowed here: what was copied is kept by this page.
  }
}

async function pasteFromClipboard(keepsOutside: boolean): Promise<void> {
  let content = copied;
  try {
    content = await navigator.clipboard.readText();
  } catch {
    // Not allowed here: what this page copied is taken.
  }
  if (!pasteText(content, keepsOutside)) {
    say(
      "plain",
      text("clipboard.nothing"),
      text("clipboard.remedy", { keys: shownShortcut("Mod+V") }),
    );
  }
}

export const clipboardActions: readonly Action[] = [
  {
    id: "edit.copy",
    label: "edit.copy",
    group: "edit",
    shortcuts: ["Mod+C"],
    isNative: true,
    isEnabled: hasSelection,
    run: () => writeClipboard(copySelection()),
  },
  {
    id: "edit.cut",
    label: "edit.cut",
    group: "edit",
    shortcuts: ["Mod+X"],
    isNative: true,
    isEnabled: hasSelection,
    run: async () => {
      const content = copySelection();
      removeSelection();
      await writeClipboard(content);
    },
  },
  {
    id: "edit.paste",
    label: "edit.paste",
    group: "edit",
    shortcuts: ["Mod+V"],
    isNative: true,
    run: () => pasteFromClipboard(false),
  },
  {
    id: "edit.pasteLinked",
    label: "edit.pasteLinked",
    group: "edit",
    shortcuts: ["Mod+Shift+V"],
    isNative: true,
    run: () => pasteFromClipboard(true),
  },
  {
    id: "edit.duplicate",
    label: "edit.duplicate",
    group: "edit",
    shortcuts: ["Mod+D", "Shift+D"],
    isEnabled: hasSelection,
    run: () => {
      const ids = selectedIds();
      putDown("edit.duplicate", (document) => duplicate(document, ids, currentCatalogue()));
    },
  },
];
