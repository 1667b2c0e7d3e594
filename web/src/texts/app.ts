import { area } from "./area";

export const appTexts = area({
  en: { "app.dismiss": "Dismiss" },
  de: { "app.dismiss": "Schließen" },
});
