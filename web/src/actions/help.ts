/** Finding out what there is and how it is done. */

import { closeDialog, openDialog, useInterface } from "../stores/interface";
import { startTour } from "../stores/tour";
import type { Action } from "./action";

/** Open the command palette; close it where it is open. */
export function toggleCommands(): void {
  if (useInterface.getState().dialog?.name === "commands") {
    closeDialog();
  } else {
    openDialog("commands");
  }
}

export const helpActions: readonly Action[] = [
  {
    id: "help.commands",
    label: "help.commands",
    group: "help",
    shortcuts: ["Mod+K", "Mod+Shift+P"],
    run: toggleCommands,
  },
  {
    id: "help.shortcuts",
    label: "help.shortcuts",
    group: "help",
    shortcuts: ["?"],
    run: () => {
      openDialog("shortcuts");
    },
  },
  { id: "help.tour", label: "help.tour", group: "help", run: startTour },
  {
    id: "help.about",
    label: "help.about",
    group: "help",
    run: () => {
      openDialog("about");
    },
  },
];
