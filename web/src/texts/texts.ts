/** All texts on screen. A new language is one more member of every area. */

import { useInterface } from "../stores/interface";
import type { Language } from "./area";
import { appTexts } from "./app";
import { canvasTexts } from "./canvas";
import { fileTexts } from "./files";
import { gestureTexts } from "./gestures";
import { paletteTexts } from "./palette";
import { runTexts } from "./run";
import { stateTexts } from "./state";
import { wireTexts } from "./wires";

const AREAS = [
  appTexts,
  canvasTexts,
  fileTexts,
  gestureTexts,
  paletteTexts,
  runTexts,
  stateTexts,
  wireTexts,
] as const;

type KeysOf<T> = T extends { readonly en: Readonly<Record<infer K, string>> } ? K : never;
export type TextKey = KeysOf<(typeof AREAS)[number]>;
export type Fill = Readonly<Record<string, string | number>>;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

function collect(language: Language): Readonly<Record<string, string>> {
  return Object.assign({}, ...AREAS.map((texts) => texts[language])) as Record<string, string>;
}

const TEXTS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: collect("en"),
  de: collect("de"),
};

/** A text in the language chosen now; components use ``useTexts`` so as to be drawn again. */
export function text(key: TextKey, fill: Fill = {}): string {
  return fillIn(TEXTS[useInterface.getState().language][key] ?? key, fill);
}

/** Whether a text of that name is there: names made from what the server says may have none. */
export function hasText(key: string): key is TextKey {
  return key in TEXTS.en;
}

export type Translate = (key: TextKey, fill?: Fill) => string;

export function useTexts(): Translate {
  useInterface((state) => state.language);
  return text;
}

function fillIn(template: string, fill: Fill): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}
