/** Texts of one part of the editor, in every language there is. */

export type Language = "en" | "de";

/** The compiler holds every language to the same keys. */
export function area<K extends string>(
  texts: Readonly<Record<Language, Readonly<Record<K, string>>>>,
): Readonly<Record<Language, Readonly<Record<K, string>>>> {
  return texts;
}
