/** All texts on screen. A new language is one more member of every area. */

import { useInterface } from "../stores/interface";
import type { Language } from "./area";
import { appTexts } from "./app";
import { canvasTexts } from "./canvas";
import { controlTexts } from "./controls";
import { editTexts } from "./edit";
import { fileTexts } from "./files";
import { gestureTexts } from "./gestures";
import { paletteTexts } from "./palette";
import { problemTexts } from "./problems";
import { maskTexts } from "./masks";
import { runTexts } from "./run";
import { settingsTexts } from "./settings";
import { stateTexts } from "./state";
import { templateTexts } from "./templates";
import { tourTexts } from "./tour";
import { wireTexts } from "./wires";

const AREAS = [
  appTexts,
  canvasTexts,
  controlTexts,
  editTexts,
  fileTexts,
  gestureTexts,
  paletteTexts,
  problemTexts,
  maskTexts,
  runTexts,
  settingsTexts,
  stateTexts,
  templateTexts,
  tourTexts,
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

export type Translate = (key: TextKey, fill?: Fill) => string;

function translator(language: Language): Translate {
  return (key, fill = {}) => fillIn(TEXTS[language][key] ?? TEXTS.en[key] ?? key, fill);
}

const TRANSLATORS: Readonly<Record<Language, Translate>> = {
  en: translator("en"),
  de: translator("de"),
};

/** A text in the language chosen now; components use ``useTexts`` so as to be drawn again. */
export function text(key: TextKey, fill: Fill = {}): string {
  return TRANSLATORS[useInterface.getState().language](key, fill);
}

/** Whether a text of that name is there: names made from what the server says may have none. */
export function hasText(key: string): key is TextKey {
  return key in TEXTS.en;
}

/** The texts in the language chosen now: another function for each language. */
export function useTexts(): Translate {
  return TRANSLATORS[useInterface((state) => state.language)];
}

function fillIn(template: string, fill: Fill): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}
