import type { wireTexts as english } from "../en/wires";
import type { Like } from "../language";

export const wireTexts: Like<typeof english> = {
  "wire.needsMainWire": "Ein Wert ({source}) passt nicht an die Hauptleitung.",
  "wire.isMainWire": "Die Hauptleitung passt nicht an einen Anschluss für {target}.",
  "wire.doesNotFit": "{source} passt nicht an {target}.",
  "wire.circle": "Das gäbe einen Kreis: Ein Knoten kann sein eigenes Ergebnis nicht brauchen.",
  "wire.itself": "Ein Knoten lässt sich nicht mit sich selbst verbinden.",
  "wire.unknown": "Diese Knotenart ist hier nicht bekannt, deshalb lässt sich nichts anschließen.",
  "wire.bothInputs":
    "Beide sind Eingänge: Eine Verbindung geht von einem Ausgang zu einem Eingang.",
  "wire.bothOutputs":
    "Beide sind Ausgänge: Eine Verbindung geht von einem Ausgang zu einem Eingang.",
  "wire.nothingFits": "An diesem Knoten passt nichts.",
};
