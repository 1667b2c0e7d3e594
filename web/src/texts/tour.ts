import { area } from "./area";

export const tourTexts = area({
  en: {
    "tour.name": "Tour",
    "tour.count": "{step} of {count}",
    "tour.next": "Next",
    "tour.back": "Back",
    "tour.end": "Done",
    "tour.skip": "Skip the tour",
    "tour.run.title": "Press Run",
    "tour.run.text":
      "This graph makes a picture from a sentence. It is ready: the picture appears at its end within seconds.",
    "tour.prompt.title": "Change the prompt",
    "tour.prompt.text":
      "Type another sentence and run again. Only the nodes that depend on it work anew; the others keep what they have.",
    "tour.state.title": "Look inside",
    "tour.state.text":
      "Select a node: here is what it read, wrote and changed, with the picture at every step.",
    "tour.add.title": "Build your own",
    "tour.add.text":
      "All nodes and templates are here. Or press {key}, or double-click the canvas, and type what you look for.",
  },
  de: {
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
  },
});
