/** Looking at block states. */

import { toggleStates } from "../stores/inspect";
import type { Action } from "./action";

export const stateActions: readonly Action[] = [
  {
    id: "state.show",
    label: "state.show",
    group: "view",
    shortcuts: ["Mod+I"],
    run: toggleStates,
  },
];
