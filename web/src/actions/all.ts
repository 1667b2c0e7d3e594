/** All actions there are. */

import type { Action } from "./action";
import { addActions } from "./add";
import { editActions } from "./edit";
import { fileActions } from "./files";
import { runActions } from "./run";
import { stateActions } from "./state";

export const ACTIONS: readonly Action[] = [
  ...runActions,
  ...editActions,
  ...addActions,
  ...stateActions,
  ...fileActions,
];
