import type { maskTexts as english } from "../en/masks";
import type { Like } from "../language";

export const maskTexts: Like<typeof english> = {
  "mask.title": "Maske malen",
  "mask.draw": "Maske malen …",
  "mask.tools": "Werkzeuge für Masken",
  "mask.brush": "Pinsel",
  "mask.eraser": "Radierer",
  "mask.size": "Größe",
  "mask.feather": "Weicher Rand",
  "mask.pressure": "Stiftdruck",
  "mask.fill": "Alles füllen",
  "mask.invert": "Umkehren",
  "mask.clear": "Alles leeren",
  "mask.undo": "Rückgängig",
  "mask.redo": "Wiederholen",
  "mask.canvas": "Das Bild. Was Sie übermalen, wird sich ändern.",
  "mask.cancel": "Abbrechen",
  "mask.save": "Diese Maske verwenden",
  "mask.noPicture": "Das Bild hinter der Maske lässt sich nicht laden.",
  "mask.notYet": "Noch gibt es kein Bild, auf dem gemalt werden kann.",
  "mask.notYetRemedy":
    "Führen Sie den Graphen einmal aus, oder wählen Sie einen Knoten, der ein Bild lädt.",
  "edit.mask": "Maske malen",
  "picture.choose": "Bild wählen",
  "picture.upload": "Bild hochladen …",
  "picture.none": "Bild hier fallen lassen",
  "picture.gone": "„{name}“ liegt nicht im Eingabeordner",
};
