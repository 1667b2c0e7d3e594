import { area } from "./area";

export const fileTexts = area({
  en: {
    "file.noJson": "This file is no JSON.",
    "file.noGraph": "This file holds no graph.",
    "file.workflow":
      "This is a workflow in the format of ComfyUI's editor. In ComfyUI, choose Export (API), and open that file.",
    "file.badNode": "Node “{place}” of this file has no type.",
  },
  de: {
    "file.noJson": "Diese Datei ist kein JSON.",
    "file.noGraph": "Diese Datei enthält keinen Graphen.",
    "file.workflow":
      "Das ist ein Workflow im Format des Editors von ComfyUI. Wählen Sie dort Export (API) und öffnen Sie diese Datei.",
    "file.badNode": "Knoten „{place}“ dieser Datei hat keine Art.",
  },
});
