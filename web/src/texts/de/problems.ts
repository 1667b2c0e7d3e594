import type { problemTexts as english } from "../en/problems";
import type { Like } from "../language";

export const problemTexts: Like<typeof english> = {
  "missing.link": "Geben Sie einen Wert ein oder verbinden Sie einen Ausgang.",
  "problem.no_output": "Kein Knoten speichert oder zeigt ein Ergebnis.",
  "remedy.no_output": "Fügen Sie am Ende einen Knoten wie „Save Image“ hinzu.",
  "problem.no_pipeline": "Die Hauptleitung ist nicht verbunden.",
  "remedy.no_pipeline":
    "Verbinden Sie den Ausgang „pipeline“ des Knotens davor oder eines „Load Pipeline“-Knotens.",
  "problem.cycle": "Die Verbindungen laufen im Kreis.",
  "remedy.cycle": "Entfernen Sie eine dieser Verbindungen.",
  "problem.unknown_type": "Eine Knotenart dieses Namens gibt es nicht.",
  "remedy.unknown_type":
    "Wählen Sie eine aus dem Katalog, oder fügen Sie den Ordner hinzu, der sie enthält.",
  "problem.unknown_input": "Der Knoten hat keinen Eingang dieses Namens.",
  "remedy.unknown_input": "Entfernen Sie den Wert, oder wählen Sie einen anderen Eingang.",
  "problem.unknown_output": "Der verbundene Knoten hat keinen Ausgang dieses Namens.",
  "remedy.unknown_output": "Verbinden Sie einen anderen Ausgang.",
  "problem.missing_node": "Eine Verbindung beginnt bei einem Knoten, den es nicht gibt.",
  "remedy.missing_node": "Entfernen Sie die Verbindung, oder ziehen Sie sie von einem anderen.",
  "problem.wrong_type": "Der verbundene Wert passt nicht an diesen Eingang.",
  "remedy.wrong_type": "Verbinden Sie einen Ausgang, dessen Art passt.",
  "problem.wrong_value": "Der Wert passt nicht an diesen Eingang.",
  "remedy.wrong_value": "Geben Sie einen anderen Wert ein.",
  "problem.contradiction": "Einige Eingänge widersprechen sich.",
  "remedy.contradiction": "Geben Sie nur, was zusammengehört.",
  "problem.loop_step_alone": "Dieser Block arbeitet nur in einer Schleife.",
  "remedy.loop_step_alone": "Nehmen Sie den Schleifenblock, der ihn enthält.",
};
