/** All texts on screen. A new language is one more folder, and one more line in two tables here. */

import { useInterface } from "../stores/interface";
import { en } from "./en";
import type { Language, Like } from "./language";

export type TextKey = keyof typeof en;
export type Fill = Readonly<Record<string, string | number>>;
type Texts = Like<typeof en>;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

const LOADS: Readonly<Record<Exclude<Language, "en">, () => Promise<Texts>>> = {
  de: async () => (await import("./de")).de,
};

/** What is loaded; until then English stands in. */
const texts: Partial<Record<Language, Texts>> = { en };

/** Have the texts of a language at hand. */
export async function loadLanguage(language: Language): Promise<void> {
  if (language !== "en") {
    texts[language] ??= await LOADS[language]();
  }
}

/** Speak another language from now on. */
export async function speak(language: Language): Promise<void> {
  await loadLanguage(language);
  useInterface.setState({ language });
}

export type Translate = (key: TextKey, fill?: Fill) => string;

function translator(language: Language): Translate {
  return (key, fill = {}) => fillIn((texts[language] ?? en)[key] ?? key, fill);
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
  return key in en;
}

/** The texts in the language chosen now: another function for each language. */
export function useTexts(): Translate {
  return TRANSLATORS[useInterface((state) => state.language)];
}

function fillIn(template: string, fill: Fill): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}
