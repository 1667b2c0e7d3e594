/** Finding out what there is and how it is done. */

import { reloadNodes } from "../protocol/api";
import { loadCatalogue } from "../stores/catalogue";
import { closeDialog, openDialog, say, useInterface } from "../stores/interface";
import { startTour } from "../stores/tour";
import { text } from "../texts/texts";
import type { Action } from "./action";
import { reportError } from "./run";

/** Open the command palette; close it where it is open. */
export function toggleCommands(): void {
  if (useInterface.getState().dialog?.name === "commands") {
    closeDialog();
  } else {
    openDialog("commands");
  }
}

/** Have node files and repositories read anew. All who look at this server get the new nodes. */
export async function reload(): Promise<void> {
  try {
    const [problem] = await reloadNodes();
    await loadCatalogue();
    if (problem === undefined) {
      say("good", text("help.reloaded"));
    } else {
      say("bad", text("help.reloadedBroken", { problem }));
    }
  } catch (error) {
    reportError(error);
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
  { id: "help.reload", label: "help.reload", group: "help", run: reload },
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
