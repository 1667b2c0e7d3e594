import type { controlTexts as english } from "../en/controls";
import type { Like } from "../language";

export const controlTexts: Like<typeof english> = {
  "control.unset": "{name} zurücknehmen",
  "control.unsetTo": "{name} zurücknehmen: {value}",
  "control.anySeed": "beliebig",
  "control.drawSeed": "{name} neu auslosen",
  "control.newSeedEachRun": "Neuer Seed für jeden Lauf",
  "control.newSeed": "Für jeden Lauf wird ein neuer Seed ausgelost",
  "control.keepSeed": "Der Seed bleibt von Lauf zu Lauf",
  "control.on": "an",
  "control.off": "aus",
  "control.neither": "offen",
  "control.hex": "{name}, Ziffern",
  "control.search": "{name} suchen",
  "control.searchHint": "Suchen",
  "control.noneFound": "Nichts gefunden",
  "control.listHint": "1, 2, 3",
  "control.dictHint": '"Name": Wert',
  "control.noJson": 'Das lässt sich nicht lesen. Schreiben Sie Werte wie 1, 2.5, "Text" oder true.',
  "control.noList": "Hier gehört eine Liste hin, etwa 1, 2, 3.",
  "control.noDict": 'Hier gehören benannte Werte hin, etwa "Name": 1.',
  "control.models": "Modelle auf diesem Rechner",
  "control.noModels": "Auf diesem Rechner gibt es nichts mit diesem Namen. Er gilt, wie er ist.",
  "control.parts": "Teile von Modellen",
  "control.noParts": "Kein Block verlangt einen Teil dieses Namens. Er gilt, wie er ist.",
  "control.modelHint": "Repository oder Ordner",
};
