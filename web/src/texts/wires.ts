import { area } from "./area";

export const wireTexts = area({
  en: {
    "wire.needsMainWire": "A value ({source}) does not fit the main wire.",
    "wire.isMainWire": "The main wire does not fit a {target} socket.",
    "wire.doesNotFit": "{source} does not fit {target}.",
    "wire.circle": "That would make a circle: a node cannot need its own result.",
    "wire.itself": "A node cannot be linked to itself.",
    "wire.unknown": "This node type is not known here, so nothing can be linked to it.",
  },
  de: {
    "wire.needsMainWire": "Ein Wert ({source}) passt nicht an die Hauptleitung.",
    "wire.isMainWire": "Die Hauptleitung passt nicht an einen Anschluss für {target}.",
    "wire.doesNotFit": "{source} passt nicht an {target}.",
    "wire.circle": "Das gäbe einen Kreis: Ein Knoten kann sein eigenes Ergebnis nicht brauchen.",
    "wire.itself": "Ein Knoten lässt sich nicht mit sich selbst verbinden.",
    "wire.unknown":
      "Diese Knotenart ist hier nicht bekannt, deshalb lässt sich nichts anschließen.",
  },
});
