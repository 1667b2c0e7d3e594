/** Keys to actions. */

import type { Action } from "./action";

const IS_MAC = typeof navigator !== "undefined" && navigator.platform.startsWith("Mac");

/** A shortcut as this keyboard has it: ``Ctrl+Z``, ``⌘Z``. */
export function shownShortcut(shortcut: string): string {
  return IS_MAC
    ? shortcut.replace("Mod+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥")
    : shortcut.replace("Mod", "Ctrl");
}

/** Whether an event is that shortcut. */
export function fits(event: KeyboardEvent, shortcut: string): boolean {
  const parts = shortcut.split("+");
  const key = parts.pop() ?? "";
  const mod = IS_MAC ? event.metaKey : event.ctrlKey;
  const isKey =
    event.key.toLowerCase() === key.toLowerCase() || (key === "Space" && event.key === " ");
  return (
    isKey &&
    mod === parts.includes("Mod") &&
    event.altKey === parts.includes("Alt") &&
    (event.shiftKey === parts.includes("Shift") || key === "?")
  );
}

/** Keys that belong to a field stay there, unless a shortcut has Ctrl, Command or Alt in it. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

const OPERATED =
  "button, a[href], summary, [role=treeitem], [role=option], [role=slider], [role=separator], [role^=menuitem], [role=tab]";
const OPERATING = new Set([
  " ",
  "Enter",
  "Home",
  "End",
  "PageUp",
  "PageDown",
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
]);

/** Space, Enter and the arrows belong to the button, the tree or the slider that has the focus. */
function isOperated({ target, key }: KeyboardEvent): boolean {
  return OPERATING.has(key) && target instanceof Element && target.closest(OPERATED) !== null;
}

/** What lies under an open dialog or menu is out of reach. */
function isInDialog(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("[role=dialog], [role=menu], [role=listbox]") !== null
  );
}

/** Run the action an event stands for; says whether there was one. */
export function dispatch(event: KeyboardEvent, actions: readonly Action[]): boolean {
  const isKept = isTyping(event.target) || isOperated(event) || isInDialog(event.target);
  for (const action of actions) {
    const shortcut = action.shortcuts?.find((found) => fits(event, found));
    if (
      shortcut === undefined ||
      action.isNative === true ||
      (isKept && !worksInFields(shortcut))
    ) {
      continue;
    }
    if (action.isEnabled?.() === false) {
      continue;
    }
    event.preventDefault();
    void action.run();
    return true;
  }
  return false;
}

/** A field has its own undo, copy and paste; running and saving work from anywhere. */
function worksInFields(shortcut: string): boolean {
  return /^(Mod\+(Alt\+)?(Enter|S|O|K|P)|Mod\+Shift\+Enter)$/.test(shortcut);
}
