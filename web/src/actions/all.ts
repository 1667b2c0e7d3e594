/** All actions there are. */

import type { Action } from "./action";
import { addActions } from "./add";
import { arrangeActions } from "./arrange";
import { blockActions } from "./blocks";
import { clipboardActions } from "./clipboard";
import { editActions } from "./edit";
import { fileActions } from "./files";
import { helpActions } from "./help";
import { nodeActions } from "./nodes";
import { maskActions } from "./mask";
import { runActions } from "./run";
import { selectActions } from "./select";
import { stateActions } from "./state";
import { viewActions } from "./view";
import { wireActions } from "./wires";

export const ACTIONS: readonly Action[] = [
  ...runActions,
  ...editActions,
  ...clipboardActions,
  ...nodeActions,
  ...blockActions,
  ...wireActions,
  ...arrangeActions,
  ...selectActions,
  ...addActions,
  ...stateActions,
  ...fileActions,
  ...maskActions,
  ...viewActions,
  ...helpActions,
];
