/** Searching a list of texts, and going through what was found with the arrow keys. */

export interface Option {
  readonly text: string;
  /** Shown beside it in faint letters. */
  readonly hint?: string;
}

/** The options that hold every word, those that begin with the text first. */
export function matching<T extends Option>(options: readonly T[], search: string): readonly T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = options.filter(({ text }) =>
    words.every((word) => text.toLowerCase().includes(word)),
  );
  const start = words[0] ?? "";
  const isFirst = ({ text }: T): boolean => text.toLowerCase().startsWith(start);
  return words.length === 0
    ? found
    : [...found.filter(isFirst), ...found.filter((option) => !isFirst(option))];
}

/** Where a key leads in a list; undefined for keys that lead nowhere. */
export function nextIndex(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return count === 0 ? -1 : (index + 1) % count;
    case "ArrowUp":
      return count === 0 ? -1 : (index <= 0 ? count : index) - 1;
    case "PageDown":
      return Math.min(index + 8, count - 1);
    case "PageUp":
      return Math.max(index - 8, 0);
    default:
      return undefined;
  }
}
