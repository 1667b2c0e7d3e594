import { area } from "./area";

export const runTexts = area({
  en: {
    "run.run": "Run",
    "run.cancel": "Cancel",
    "run.offline": "The server cannot be reached. Your work is kept here; trying again …",
  },
  de: {
    "run.run": "Ausführen",
    "run.cancel": "Abbrechen",
    "run.offline":
      "Der Server ist nicht erreichbar. Ihre Arbeit bleibt hier erhalten; neuer Versuch …",
  },
});
