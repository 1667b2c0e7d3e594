/** All texts on screen, in English and German, and the language they are shown in. */

const en = {
  "auto.label": "{name} (auto)",
  "auto.shown": "auto",
  "auto.release": "Let “{name}” come along the wire",
  "auto.releaseAll": "Let everything come along the wire",
  "auto.type": "Send “{name}” from here",
  "auto.menu": "Blockloom: what is sent from here",

  "value.none": "none",
  "value.yes": "yes",
  "value.no": "no",
  "value.onePicture": "1 picture",
  "value.pictures": "{count} pictures",
  "value.seed": "seed {seed}",
  "value.usedSeed": "seed {seed}, used",
  "value.empty": "empty",
  "value.oneEntry": "1 entry",
  "value.entries": "{count} entries",
  "value.oneItem": "1 item",
  "value.items": "{count} items",
  "value.notKept": "not kept any more",
  "value.moreText": "{count} more characters",

  "mark.changed": "Changed since the last run",

  "state.title": "Block state",
  "state.fold": "Fold the block state",
  "state.unfold": "Unfold the block state",
  "state.loading": "Loading …",
  "state.failed": "The server could not be asked: {reason}",
  "state.tryAgain": "Try again",
  "state.notRun": "Not run yet. Run to see what this node reads and writes.",
  "state.kept": "kept",

  "values.read": "Read",
  "values.wrote": "Wrote",
  "values.defaults": "{count} at their defaults",
  "values.oneDefault": "1 at its default",
  "values.nothingRead": "This node reads nothing.",
  "values.nothingWritten":
    "This node writes no values into the state. What it does is in its picture or file, or in the components it sets.",
  "values.sets": "Sets {names}",

  "from.typed": "typed here",
  "from.linked": "linked from {node}",
  "from.state": "from {node}",
  "from.stateUser": "given at {node}",
  "from.bundle": "bundle, from {node}",
  "from.default": "default",
  "from.goTo": "Go to {node}",
  "wrote.over": "replaces that of {node}",
  "wrote.changed": "replaced",
  "wrote.same": "unchanged",

  "whole.given": "As the user gave it",
  "whole.made": "Made along the way",
  "whole.filter": "Filter by name, type or node",
  "whole.onlyChanged": "Only what has changed since the last run",
  "whole.nothingGiven": "Nothing was typed or linked so far.",
  "whole.nothingMade": "No block has written anything so far.",
  "whole.noMatch": "Nothing fits the filter.",
  "whole.noWire": "No main wire leaves this node, so there is no state behind it.",
  "whole.components": "Components on the wire",

  "steps.slider": "Step",
  "steps.at": "Step {step} of {total}",
  "steps.play": "Play the steps",
  "steps.pause": "Pause",
  "steps.live": "live",
  "steps.held": "held",
  "steps.follow": "Follow",
  "steps.picture": "What to draw",
  "steps.predicted": "Predicted picture",
  "steps.pictureOf": "{name} after step {step}",

  "details.open": "Look closer",
  "details.type": "Type",
  "details.shape": "Shape",
  "details.dtype": "Format",
  "details.device": "Device",
  "details.size": "Size",
  "details.statistics": "Statistics",
  "details.count": "Numbers",
  "details.minimum": "Least",
  "details.maximum": "Greatest",
  "details.mean": "Mean",
  "details.std": "Spread",
  "details.zeros": "Zeros",
  "details.nan": "NaN",
  "details.inf": "Infinite",
  "details.histogram": "Histogram from {from} to {to}",
  "details.statisticsFailed": "No statistics: {reason}",
  "details.download": "Download as {form}",

  "viewer.title": "{name} of {node}",
  "viewer.close": "Close",
  "viewer.fit": "Fit",
  "viewer.actual": "Pixel for pixel",
  "viewer.zoomIn": "Zoom in",
  "viewer.zoomOut": "Zoom out",
  "viewer.stage":
    "Picture. Arrow keys move, plus and minus zoom, 0 fits, 1 shows it pixel for pixel.",
  "viewer.previous": "Previous picture",
  "viewer.next": "Next picture",
  "viewer.pictureNumber": "Picture {number} of {count}",
  "viewer.noPicture": "There is no picture of it any more. Run again to look inside.",

  "tab.tooltip": "Blockloom: what is on the wire",
  "tab.selectOne": "Select a Blockloom node to see the whole state behind it.",
  "tab.state": "State behind {node}",
  "tab.notOurs": "{node} is not a node of Blockloom; it has no state behind it.",

  "action.template": "Insert template",
  "action.expand": "Expand",
  "action.expandNode": "Expand into the blocks inside",
  "action.missing": "Missing inputs",
  "action.selectFirst": "Select the Blockloom node to expand first.",

  "templates.title": "Insert a template",
  "templates.search": "Search templates",
  "templates.searchHint": "Model family or task …",
  "templates.leaf": "Smallest blocks",
  "templates.leafHint": "Every block inside the large ones as a node of its own",
  "templates.none": "No template fits “{text}”.",
  "templates.asks": "asks for {names}",
  "templates.inserted": "{name} inserted. Choose a model on its first node.",
  "templates.unknown": "Not known in this ComfyUI, left out: {names}",

  "expand.done": "{node} is {count} nodes now.",
  "expand.nothing": "{node} does nothing in this graph: {reason}",

  "missing.title": "Missing inputs",
  "missing.none": "Nothing is missing.",
  "missing.again": "Check again",
  "missing.close": "Close the list",
  "missing.add": "Add {node}",
  "missing.goTo": "Go to {node}",
  "missing.count": "{count} to be put right",

  "file.failed": "Blockloom could not read {name}: {reason}",
  "error.title": "Blockloom",

  "workflow.default": "Standard",
  "workflow.text2image": "Text to image",
  "workflow.image2image": "Image to image",
  "workflow.img2img": "Image to image",
  "workflow.inpainting": "Inpainting",
  "workflow.image_conditioned": "With a picture to go by",
  "workflow.image_conditioned_inpainting": "Inpainting with a picture to go by",
  "workflow.text2video": "Text to video",
  "workflow.image2video": "Image to video",
  "workflow.video2video": "Video to video",
  "workflow.flf2v": "First and last picture to video",
  "workflow.condition": "Pictures at given frames",
  "workflow.in_context": "References in context",
  "workflow.t2va": "Text to video and sound",
  "workflow.fl2va": "Keyframes to video and sound",
  "workflow.ref2va": "References to video and sound",
  "workflow.action_policy": "Actions: policy",
  "workflow.action_forward_dynamics": "Actions: forward dynamics",
  "workflow.action_inverse_dynamics": "Actions: inverse dynamics",
  "workflow.ip_adapter": "IP-Adapter",
  "workflow.controlnet": "ControlNet",
  "workflow.controlnet_union": "ControlNet Union",
  "workflow.with_sound": "with sound",
};

/** @typedef {keyof typeof en} TextKey */

/** @type {Record<TextKey, string>} */
const de = {
  "auto.label": "{name} (auto)",
  "auto.shown": "auto",
  "auto.release": "„{name}“ über die Leitung kommen lassen",
  "auto.releaseAll": "Alles über die Leitung kommen lassen",
  "auto.type": "„{name}“ von hier senden",
  "auto.menu": "Blockloom: was von hier gesendet wird",

  "value.none": "nichts (none)",
  "value.yes": "ja",
  "value.no": "nein",
  "value.onePicture": "1 Bild",
  "value.pictures": "{count} Bilder",
  "value.seed": "Seed {seed}",
  "value.usedSeed": "Seed {seed}, schon benutzt",
  "value.empty": "leer",
  "value.oneEntry": "1 Eintrag",
  "value.entries": "{count} Einträge",
  "value.oneItem": "1 Element",
  "value.items": "{count} Elemente",
  "value.notKept": "nicht mehr aufbewahrt",
  "value.moreText": "{count} weitere Zeichen",

  "mark.changed": "Geändert seit dem letzten Lauf",

  "state.title": "Blockzustand",
  "state.fold": "Blockzustand einklappen",
  "state.unfold": "Blockzustand ausklappen",
  "state.loading": "Wird geladen …",
  "state.failed": "Der Server ließ sich nicht fragen: {reason}",
  "state.tryAgain": "Noch einmal",
  "state.notRun":
    "Noch nicht gelaufen. Nach einem Lauf sehen Sie hier, was dieser Knoten liest und schreibt.",
  "state.kept": "behalten",

  "values.read": "Gelesen",
  "values.wrote": "Geschrieben",
  "values.defaults": "{count} wie vorgegeben",
  "values.oneDefault": "1 wie vorgegeben",
  "values.nothingRead": "Dieser Knoten liest nichts.",
  "values.nothingWritten":
    "Dieser Knoten schreibt keine Werte in den Zustand. Was er tut, steht in seinem Bild, seiner Datei oder den Komponenten, die er setzt.",
  "values.sets": "Setzt {names}",

  "from.typed": "hier eingegeben",
  "from.linked": "verbunden mit {node}",
  "from.state": "von {node}",
  "from.stateUser": "gegeben bei {node}",
  "from.bundle": "Bündel, von {node}",
  "from.default": "Vorgabe",
  "from.goTo": "Zu {node}",
  "wrote.over": "ersetzt den von {node}",
  "wrote.changed": "ersetzt",
  "wrote.same": "unverändert",

  "whole.given": "Wie von Ihnen gegeben",
  "whole.made": "Unterwegs entstanden",
  "whole.filter": "Nach Name, Art oder Knoten filtern",
  "whole.onlyChanged": "Nur was sich seit dem letzten Lauf geändert hat",
  "whole.nothingGiven": "Bis hier wurde nichts eingegeben oder verbunden.",
  "whole.nothingMade": "Bis hier hat kein Block etwas geschrieben.",
  "whole.noMatch": "Nichts passt zum Filter.",
  "whole.noWire": "Von diesem Knoten geht keine Hauptleitung aus; dahinter ist kein Zustand.",
  "whole.components": "Komponenten auf der Leitung",

  "steps.slider": "Schritt",
  "steps.at": "Schritt {step} von {total}",
  "steps.play": "Schritte abspielen",
  "steps.pause": "Anhalten",
  "steps.live": "live",
  "steps.held": "gehalten",
  "steps.follow": "Folgen",
  "steps.picture": "Was gezeichnet wird",
  "steps.predicted": "Vorhergesagtes Bild",
  "steps.pictureOf": "{name} nach Schritt {step}",

  "details.open": "Genauer ansehen",
  "details.type": "Art",
  "details.shape": "Form",
  "details.dtype": "Format",
  "details.device": "Gerät",
  "details.size": "Größe",
  "details.statistics": "Statistik",
  "details.count": "Zahlen",
  "details.minimum": "Kleinste",
  "details.maximum": "Größte",
  "details.mean": "Mittel",
  "details.std": "Streuung",
  "details.zeros": "Nullen",
  "details.nan": "NaN",
  "details.inf": "Unendlich",
  "details.histogram": "Histogramm von {from} bis {to}",
  "details.statisticsFailed": "Keine Statistik: {reason}",
  "details.download": "Herunterladen als {form}",

  "viewer.title": "{name} von {node}",
  "viewer.close": "Schließen",
  "viewer.fit": "Einpassen",
  "viewer.actual": "Pixel für Pixel",
  "viewer.zoomIn": "Vergrößern",
  "viewer.zoomOut": "Verkleinern",
  "viewer.stage":
    "Bild. Pfeiltasten verschieben, Plus und Minus vergrößern und verkleinern, 0 passt ein, 1 zeigt es Pixel für Pixel.",
  "viewer.previous": "Voriges Bild",
  "viewer.next": "Nächstes Bild",
  "viewer.pictureNumber": "Bild {number} von {count}",
  "viewer.noPicture":
    "Davon gibt es kein Bild mehr. Führen Sie den Graphen noch einmal aus, um hineinzusehen.",

  "tab.tooltip": "Blockloom: was auf der Leitung liegt",
  "tab.selectOne":
    "Wählen Sie einen Blockloom-Knoten aus, um den ganzen Zustand dahinter zu sehen.",
  "tab.state": "Zustand hinter {node}",
  "tab.notOurs": "{node} ist kein Knoten von Blockloom; dahinter ist kein Zustand.",

  "action.template": "Vorlage einfügen",
  "action.expand": "Aufklappen",
  "action.expandNode": "In die Blöcke darin aufklappen",
  "action.missing": "Fehlende Eingaben",
  "action.selectFirst": "Wählen Sie zuerst den Blockloom-Knoten aus, der aufgeklappt werden soll.",

  "templates.title": "Vorlage einfügen",
  "templates.search": "Vorlagen suchen",
  "templates.searchHint": "Modellfamilie oder Aufgabe …",
  "templates.leaf": "Kleinste Blöcke",
  "templates.leafHint": "Jeden Block in den großen als eigenen Knoten",
  "templates.none": "Keine Vorlage passt zu „{text}“.",
  "templates.asks": "braucht {names}",
  "templates.inserted": "{name} eingefügt. Wählen Sie am ersten Knoten ein Modell.",
  "templates.unknown": "In diesem ComfyUI nicht bekannt, weggelassen: {names}",

  "expand.done": "{node} besteht jetzt aus {count} Knoten.",
  "expand.nothing": "{node} tut in diesem Graphen nichts: {reason}",

  "missing.title": "Fehlende Eingaben",
  "missing.none": "Es fehlt nichts.",
  "missing.again": "Noch einmal prüfen",
  "missing.close": "Liste schließen",
  "missing.add": "{node} hinzufügen",
  "missing.goTo": "Zu {node}",
  "missing.count": "{count} in Ordnung zu bringen",

  "file.failed": "Blockloom konnte {name} nicht lesen: {reason}",
  "error.title": "Blockloom",

  "workflow.default": "Standard",
  "workflow.text2image": "Text zu Bild",
  "workflow.image2image": "Bild zu Bild",
  "workflow.img2img": "Bild zu Bild",
  "workflow.inpainting": "Inpainting",
  "workflow.image_conditioned": "Mit einem Bild als Vorlage",
  "workflow.image_conditioned_inpainting": "Inpainting mit einem Bild als Vorlage",
  "workflow.text2video": "Text zu Video",
  "workflow.image2video": "Bild zu Video",
  "workflow.video2video": "Video zu Video",
  "workflow.flf2v": "Erstes und letztes Bild zu Video",
  "workflow.condition": "Bilder an gegebenen Stellen",
  "workflow.in_context": "Vorlagen im Kontext",
  "workflow.t2va": "Text zu Video und Ton",
  "workflow.fl2va": "Schlüsselbilder zu Video und Ton",
  "workflow.ref2va": "Vorlagen zu Video und Ton",
  "workflow.action_policy": "Handlungen: Strategie",
  "workflow.action_forward_dynamics": "Handlungen: Vorwärtsdynamik",
  "workflow.action_inverse_dynamics": "Handlungen: inverse Dynamik",
  "workflow.ip_adapter": "IP-Adapter",
  "workflow.controlnet": "ControlNet",
  "workflow.controlnet_union": "ControlNet Union",
  "workflow.with_sound": "mit Ton",
};

const TEXTS = { en, de };
/** @type {"en" | "de"} */
let spoken = "en";

/**
 * Speak the language of ComfyUI's locale setting; English where there is no other.
 * @param {unknown} locale
 */
export function speak(locale) {
  spoken = String(locale ?? "")
    .toLowerCase()
    .startsWith("de")
    ? "de"
    : "en";
}

/** The language of numbers and texts. */
export function language() {
  return spoken;
}

/**
 * A text in the language chosen.
 * @param {TextKey} key
 * @param {Record<string, string | number>} [fill]
 * @returns {string}
 */
export function t(key, fill = {}) {
  return TEXTS[spoken][key].replaceAll(/\{(\w+)\}/g, (whole, name) => String(fill[name] ?? whole));
}

/**
 * Whether a text of that name is there: names made from what the server says may have none.
 * @param {string} key
 * @returns {key is TextKey}
 */
export function hasText(key) {
  return key in en;
}
