import { area } from "./area";

export const wireTexts = area({
  en: {
    "wire.needsMainWire": "A value ({source}) does not fit the main wire.",
    "wire.isMainWire": "The main wire does not fit a {target} socket.",
    "wire.doesNotFit": "{source} does not fit {target}.",
    "wire.circle": "That would make a circle: a node cannot need its own result.",
    "wire.itself": "A node cannot be linked to itself.",
    "wire.unknown": "This node type is not known here, so nothing can be linked to it.",
    "wire.bothInputs": "Both are inputs: a link goes from an output to an input.",
    "wire.bothOutputs": "Both are outputs: a link goes from an output to an input.",
    "wire.nothingFits": "Nothing on this node fits.",
  },
  de: {
    "wire.needsMainWire": "Ein Wert ({source}) passt nicht an die Hauptleitung.",
    "wire.isMainWire": "Die Hauptleitung passt nicht an einen Anschluss für {target}.",
    "wire.doesNotFit": "{source} passt nicht an {target}.",
    "wire.circle": "Das gäbe einen Kreis: Ein Knoten kann sein eigenes Ergebnis nicht brauchen.",
    "wire.itself": "Ein Knoten lässt sich nicht mit sich selbst verbinden.",
    "wire.unknown":
      "Diese Knotenart ist hier nicht bekannt, deshalb lässt sich nichts anschließen.",
    "wire.bothInputs":
      "Beide sind Eingänge: Eine Verbindung geht von einem Ausgang zu einem Eingang.",
    "wire.bothOutputs":
      "Beide sind Ausgänge: Eine Verbindung geht von einem Ausgang zu einem Eingang.",
    "wire.nothingFits": "An diesem Knoten passt nichts.",
  },
});
