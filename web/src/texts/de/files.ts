import type { fileTexts as english } from "../en/files";
import type { Like } from "../language";

export const fileTexts: Like<typeof english> = {
  "file.noJson": "Diese Datei ist kein JSON.",
  "file.noGraph": "Diese Datei enthält keinen Graphen.",
  "file.workflow":
    "Das ist ein Workflow im Format des Editors von ComfyUI. Wählen Sie dort Export (API) und öffnen Sie diese Datei.",
  "file.badNode": "Knoten „{place}“ dieser Datei hat keine Art.",
  "file.noGraphInPicture": "Das Bild „{name}“ trägt keinen Graphen in sich.",
  "file.pictureRemedy":
    "Beim Bearbeiten oder Verschicken geht er verloren. Lassen Sie es auf der Arbeitsfläche fallen, um es als Bild zu laden.",
  "files.new": "Neuer Graph",
  "files.open": "Datei öffnen …",
  "files.openShort": "Öffnen …",
  "files.save": "Speichern",
  "files.saveAs": "Speichern unter …",
  "files.saved": "Gespeichert als „{name}“.",
  "files.download": "Als JSON herunterladen",
  "files.downloadWorkflow": "Als Workflow für ComfyUI herunterladen",
  "files.comfyuiDiffers": "Manches wird in ComfyUI anders.",
  "files.downloadPrompt": "Für die API von ComfyUI herunterladen",
  "files.share": "Link zu diesem Graphen kopieren",
  "files.shared":
    "Der Link liegt in der Zwischenablage. Er öffnet diesen Graphen für alle, die diesen Server erreichen.",
  "files.shareThis": "Dieser Link öffnet den Graphen für alle, die diesen Server erreichen:",
  "files.browse": "Graphen auf dem Server",
  "files.search": "Graphen suchen",
  "files.empty":
    "Noch keine gespeicherten Graphen. Ungespeicherte Arbeit bleibt in diesem Browser erhalten.",
  "files.dropHint":
    "Lassen Sie eine Graphdatei oder ein Bild auf der Arbeitsfläche fallen, um den Graphen zu öffnen.",
  "files.untitled": "Graph ohne Namen",
  "files.unsaved":
    "Änderungen bleiben in diesem Browser erhalten, sind aber noch nicht auf dem Server gespeichert.",
  "files.isSaved": "Auf dem Server gespeichert.",
  "files.delete": "Löschen",
  "files.deleteAsk": "„{name}“ endgültig löschen?",
  "files.keep": "Behalten",
  "files.name": "Name",
  "files.name.hint": "Ein Schrägstrich macht einen Ordner: portraits/erstes.",
  "files.name.empty": "Geben Sie dem Graphen einen Namen.",
  "files.name.letters":
    'Ein Name darf nicht mit einem Punkt beginnen und kein \\ : * ? " < > | enthalten.',
  "files.name.long": "Dieser Name ist zu lang: höchstens 120 Zeichen.",
  "files.taken": "Es gibt schon einen Graphen „{name}“. Soll er ersetzt werden?",
  "files.replace": "Ersetzen",
  "files.cancel": "Abbrechen",
  "drop.here": "Fallen lassen, um den Graphen zu öffnen oder die Datei zu laden",
  "drop.uploadFailed": "„{name}“ konnte nicht übernommen werden.",
  "edit.drop": "Bild hinzufügen",
};
