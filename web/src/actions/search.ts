/** Finding an action by what somebody types. */

import { isTypo, wordsOf } from "../catalogue/words";

export interface Named<T> {
  readonly item: T;
  /** What it is called, and what else it may be looked for by. */
  readonly name: string;
  readonly more?: string;
}

export interface Match<T> {
  readonly item: T;
  /** Every typed word begins a word of the name. */
  readonly isClose: boolean;
}

/** What fits a text, best first; what fits as well keeps its order; all where nothing is typed. */
export function searchNamed<T>(items: readonly Named<T>[], text: string): Match<T>[] {
  const typed = wordsOf(text);
  const whole = text.trim().toLowerCase();
  return items
    .map((named) => ({ named, score: scoreOf(named, typed, whole) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .map(({ named: { item, name } }) => {
      const words = wordsOf(name);
      return { item, isClose: typed.every((want) => words.some((word) => word.startsWith(want))) };
    });
}

function scoreOf<T>(
  { name, more = "" }: Named<T>,
  typed: readonly string[],
  whole: string,
): number {
  const words = wordsOf(name);
  const others = wordsOf(more);
  let sum = 1;
  for (const word of typed) {
    const best = Math.max(bestOf(words, word), bestOf(others, word) / 3);
    if (best === 0) {
      return 0;
    }
    sum += best;
  }
  return sum + (whole !== "" && name.toLowerCase().startsWith(whole) ? 2 : 0);
}

function bestOf(words: readonly string[], typed: string): number {
  let best = 0;
  for (const [place, word] of words.entries()) {
    const early = place === 0 ? 0.2 : 0;
    if (word.startsWith(typed)) {
      best = Math.max(best, 2 + early + typed.length / word.length);
    } else if (typed.length >= 3 && word.includes(typed)) {
      best = Math.max(best, 1);
    } else if (isTypo(word, typed)) {
      best = Math.max(best, 0.7);
    }
  }
  return best;
}
