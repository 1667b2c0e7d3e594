export type Language = "en" | "de";

/** Texts of another language: the compiler holds it to the keys of the English ones. */
export type Like<T> = Readonly<Record<keyof T, string>>;
