/** Saving graphs, and taking them elsewhere. */

import { writeFile } from "../graph/file";
import { exportToComfyUI } from "../protocol/comfyui";
import { ServerError } from "../protocol/http";
import { nameProblem, saveGraph } from "../protocol/graphs";
import { documentToSave } from "../stores/canvas";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, useDocument } from "../stores/document";
import { refreshFiles } from "../stores/files";
import { openDialog, say, useInterface } from "../stores/interface";
import { text } from "../texts/texts";
import type { Action } from "./action";
import { openEmpty, openFile } from "./open";
import { reportError } from "./run";

/** Save under the graph's name; asks for one where it has none yet. */
export async function save(): Promise<void> {
  const { name } = useDocument.getState();
  if (name === "") {
    openDialog("saveAs");
  } else {
    await saveAs(name, false);
  }
}

/** Save under a name. "taken" where a new graph would replace another one. */
export async function saveAs(name: string, isNew: boolean): Promise<"saved" | "taken" | "failed"> {
  if (nameProblem(name) !== null) {
    return "failed";
  }
  const document = currentDocument();
  try {
    await saveGraph(name, writeFile(documentToSave(), currentCatalogue()), isNew);
  } catch (error) {
    if (error instanceof ServerError && error.status === 409) {
      return "taken";
    }
    reportError(error);
    return "failed";
  }
  useDocument.setState({ name, saved: document });
  say("good", text("files.saved", { name }));
  refreshFiles();
  return "saved";
}

/** Let the user pick a JSON file or a picture from this computer. */
export function pickFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json,image/png";
  // In the document: one that nothing holds is gone before a file has been chosen.
  input.hidden = true;
  document.body.append(input);
  input.addEventListener("cancel", () => {
    input.remove();
  });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    input.remove();
    if (file !== undefined) {
      void openFile(file);
    }
  });
  input.click();
}

/** Save the graph as a file on this computer. */
export function download(): void {
  offer(JSON.stringify(writeFile(documentToSave(), currentCatalogue()), null, 2), fileName());
}

/** The graph's name as that of a file, with what makes it another one. */
function fileName(more = ""): string {
  const { name } = useDocument.getState();
  return `${(name === "" ? "graph" : name).replaceAll("/", "_")}${more}.json`;
}

/** Save the graph as ComfyUI's editor opens it, or only the nodes, as its server takes them. */
export async function downloadForComfyUI(form: "workflow" | "prompt"): Promise<void> {
  try {
    const found = await exportToComfyUI(writeFile(documentToSave(), currentCatalogue()));
    offer(JSON.stringify(found[form], null, 2), fileName(form === "prompt" ? "_api" : "_comfyui"));
    if (found.problems.length > 0) {
      const remarks = found.problems.map(({ message, node }) => `${node ?? ""}: ${message}`);
      say("plain", text("files.comfyuiDiffers"), remarks.join(" "));
    }
  } catch (error) {
    reportError(error);
  }
}

function offer(content: string, name: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** The address that opens this graph in another browser of the same server. */
export function shareAddress(name: string): string {
  return `${location.origin}/?graph=${encodeURIComponent(name)}`;
}

async function share(): Promise<void> {
  const { name, document: drawn, saved } = useDocument.getState();
  if (name === "" || drawn !== saved) {
    await save();
  }
  const saving = useDocument.getState();
  if (saving.name === "" || saving.document !== saving.saved) {
    return;
  }
  const address = shareAddress(saving.name);
  try {
    await navigator.clipboard.writeText(address);
    say("good", text("files.shared"), address);
  } catch {
    say("plain", text("files.shareThis"), address);
  }
}

export const fileActions: readonly Action[] = [
  { id: "file.new", label: "files.new", group: "file", run: openEmpty },
  { id: "file.open", label: "files.open", group: "file", shortcuts: ["Mod+O"], run: pickFile },
  { id: "file.save", label: "files.save", group: "file", shortcuts: ["Mod+S"], run: save },
  {
    id: "file.saveAs",
    label: "files.saveAs",
    group: "file",
    shortcuts: ["Mod+Shift+S"],
    run: () => {
      openDialog("saveAs");
    },
  },
  { id: "file.download", label: "files.download", group: "file", run: download },
  {
    id: "file.workflow",
    label: "files.downloadWorkflow",
    group: "file",
    run: () => downloadForComfyUI("workflow"),
  },
  {
    id: "file.prompt",
    label: "files.downloadPrompt",
    group: "file",
    run: () => downloadForComfyUI("prompt"),
  },
  { id: "file.share", label: "files.share", group: "file", run: share },
  {
    id: "file.browse",
    label: "files.browse",
    group: "file",
    run: () => {
      useInterface.setState({ sidePanel: "files" });
    },
  },
];
