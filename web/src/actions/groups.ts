/** The groups of actions, in the order in which menus and the shortcut sheet have them. */

import type { Action } from "./action";

export const GROUPS: readonly Action["group"][] = [
  "file",
  "edit",
  "node",
  "arrange",
  "add",
  "view",
  "run",
  "help",
];
