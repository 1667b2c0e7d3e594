import { area } from "./area";

export const appTexts = area({
  en: {
    "app.dismiss": "Dismiss",
    "app.panels": "Panels",
    "panel.nodes": "Nodes",
    "panel.templates": "Templates",
    "panel.queue": "Queue",
    "panel.history": "History",
    "panel.files": "Files",
    "panel.inspector": "Inspector",
    "panel.close": "Close {name}",
    "panel.width": "Width of {name}",
  },
  de: {
    "app.dismiss": "Schließen",
    "app.panels": "Seitenleisten",
    "panel.nodes": "Knoten",
    "panel.templates": "Vorlagen",
    "panel.queue": "Aufträge",
    "panel.history": "Verlauf",
    "panel.files": "Dateien",
    "panel.inspector": "Inspektor",
    "panel.close": "{name} schließen",
    "panel.width": "Breite von {name}",
  },
});
