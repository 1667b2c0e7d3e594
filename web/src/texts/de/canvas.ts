import type { canvasTexts as english } from "../en/canvas";
import type { Like } from "../language";

export const canvasTexts: Like<typeof english> = {
  "canvas.name": "Graph",
  "canvas.empty": "Ein Doppelklick auf die Fläche oder {key} fügt einen Knoten hinzu.",
  "canvas.more": "{count} weitere",
  "canvas.fewer": "Weniger",
  "canvas.unknownType": "Diese Knotenart ist hier nicht bekannt: {type}",
  "edit.move": "Verschieben",
  "edit.connect": "Verbinden",
  "edit.disconnect": "Trennen",
  "edit.remove": "Löschen",
  "edit.add": "Knoten hinzufügen",
  "edit.type": "Wert ändern",
  "edit.fold": "Falten",
  "edit.open": "Öffnen",
  "edit.note": "Notiz schreiben",
  "edit.undo": "Rückgängig",
  "edit.redo": "Wiederholen",
  "canvas.note": "Notiz",
  "status.waiting": "Noch nicht gelaufen",
  "status.running": "Läuft",
  "status.kept": "Von einem früheren Lauf behalten",
  "status.done": "Fertig",
  "status.failed": "Fehlgeschlagen",
};
