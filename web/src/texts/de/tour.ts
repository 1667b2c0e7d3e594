import type { tourTexts as english } from "../en/tour";
import type { Like } from "../language";

export const tourTexts: Like<typeof english> = {
  "tour.name": "Rundgang",
  "tour.count": "{step} von {count}",
  "tour.next": "Weiter",
  "tour.back": "Zurück",
  "tour.end": "Fertig",
  "tour.skip": "Rundgang beenden",
  "tour.run.title": "Drücken Sie „Ausführen“",
  "tour.run.text":
    "Dieser Graph macht aus einem Satz ein Bild. Er ist bereit: In wenigen Sekunden erscheint das Bild an seinem Ende.",
  "tour.prompt.title": "Ändern Sie den Prompt",
  "tour.prompt.text":
    "Schreiben Sie einen anderen Satz und führen Sie den Graphen noch einmal aus. Nur die Knoten, die davon abhängen, arbeiten neu; die anderen behalten, was sie haben.",
  "tour.state.title": "Schauen Sie hinein",
  "tour.state.text":
    "Wählen Sie einen Knoten: Hier steht, was er gelesen, geschrieben und geändert hat, mit dem Bild zu jedem Schritt.",
  "tour.add.title": "Bauen Sie selbst",
  "tour.add.text":
    "Hier sind alle Knoten und Vorlagen. Oder drücken Sie {key} oder doppelklicken Sie auf die Arbeitsfläche und tippen Sie, was Sie suchen.",
};
