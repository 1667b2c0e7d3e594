/** Keys to actions. */

import { hasText, text } from "../texts/texts";
import type { Action } from "./action";

const IS_MAC = typeof navigator !== "undefined" && navigator.platform.startsWith("Mac");

const SIGNS: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};
const MAC_SIGNS: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };

/** A shortcut as this keyboard has it: ``Ctrl+Z``, ``Strg+Z``, ``⌘Z``. */
export function shownShortcut(shortcut: string): string {
  const [key, ...held] = partsOf(shortcut);
  const name = SIGNS[key] ?? keyName(key);
  return IS_MAC
    ? [...held.map((part) => MAC_SIGNS[part] ?? part), MAC_SIGNS[key] ?? name].join("")
    : [...held.map(keyName), name].join("+");
}

/** What is written on a key, in the language of the editor. */
function keyName(key: string): string {
  const name = `key.${key}`;
  return hasText(name) ? text(name) : key;
}

/** Whether an event is that shortcut. */
export function fits(event: KeyboardEvent, shortcut: string): boolean {
  const [key, ...parts] = partsOf(shortcut);
  const mod = IS_MAC ? event.metaKey : event.ctrlKey;
  const isKey =
    event.key.toLowerCase() === key.toLowerCase() || (key === "Space" && event.key === " ");
  return (
    isKey &&
    mod === parts.includes("Mod") &&
    event.altKey === parts.includes("Alt") &&
    (event.shiftKey === parts.includes("Shift") || isSymbol(key))
  );
}

/** The key of a shortcut, and what is held down with it; plus is a key, too. */
function partsOf(shortcut: string): [string, ...string[]] {
  const parts = shortcut === "+" ? ["+"] : shortcut.split("+");
  const key = parts.pop() ?? "";
  return [key, ...parts];
}

/** Where symbols are depends on the keyboard: some need shift there. */
function isSymbol(key: string): boolean {
  return key.length === 1 && !/[a-z0-9]/i.test(key);
}

/** Keys that belong to a field stay there, unless a shortcut has Ctrl, Command or Alt in it. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** What is pressed, and what keys move about in. */
const PRESSED = "button, a[href], summary";
const WALKED =
  "[role=tree], [role=listbox], [role=slider], [role=separator], [role=menu], [role=tablist]";
const PRESSING = new Set([" ", "Enter"]);
const WALKING = new Set([
  "Home",
  "End",
  "PageUp",
  "PageDown",
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
]);

/** Space and Enter belong to a button that has the focus, these and the arrows to a tree or slider. */
export function isOperated({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) {
    return false;
  }
  const isWalked = target.closest(WALKED) !== null;
  return PRESSING.has(key)
    ? isWalked || target.closest(PRESSED) !== null
    : WALKING.has(key) && isWalked;
}

/** What lies under an open dialog or menu is out of reach. */
export function isInDialog(target: EventTarget | null): boolean {
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
