/**
 * Search in the catalogue as somebody types: by title, family, sockets, description and category.
 *
 * All words of the catalogue are collected once. A search first rates each distinct word against each
 * typed one, and then adds up, for each node type, its best word for each typed one.
 */

import type { Catalogue } from "./catalogue";
import { listedTypes, socketTitle } from "./catalogue";
import { mayFlow } from "../graph/rules";
import type { Accepts } from "../graph/rules";
import type { NodeType, SocketType } from "./types";
import { isTypo, wordsOf } from "./words";

export interface Found {
  readonly type: NodeType;
  readonly score: number;
}

/** A socket that a node has to have: an input that takes a type, or an output that gives it. */
export interface Fits {
  readonly side: "in" | "out";
  readonly type: SocketType;
}

const FIELDS = ["title", "id", "family", "category", "sockets", "description"] as const;
type Field = (typeof FIELDS)[number];

/** How much a word counts, by where it stands. */
const WEIGHTS: Readonly<Record<Field, number>> = {
  title: 10,
  id: 7,
  family: 6,
  category: 5,
  sockets: 3,
  description: 1,
};

interface Entry {
  readonly type: NodeType;
  readonly title: string;
  readonly id: string;
  readonly initials: readonly string[];
  /** Places of its words in the vocabulary, field by field. */
  readonly words: readonly (readonly number[])[];
}

export interface SearchIndex {
  readonly entries: readonly Entry[];
  readonly vocabulary: readonly string[];
  /** Whether a word stands in a title, a family or a category: only there typos are looked for. */
  readonly isName: readonly boolean[];
}

export function makeIndex(catalogue: Catalogue): SearchIndex {
  const places = new Map<string, number>();
  const vocabulary: string[] = [];
  const isName: boolean[] = [];
  const placeOf = (word: string, field: Field): number => {
    let place = places.get(word);
    if (place === undefined) {
      place = vocabulary.length;
      places.set(word, place);
      vocabulary.push(word);
      isName.push(false);
    }
    isName[place] ||= field === "title" || field === "family" || field === "category";
    return place;
  };
  const entries = listedTypes(catalogue)
    .map((type) => ({
      type,
      title: type.title.toLowerCase(),
      id: type.id.toLowerCase(),
      initials: [initialsOf(type.title), initialsOf(type.id)],
      words: FIELDS.map((field) =>
        [...new Set(wordsOf(textOf(type, field)))].map((word) => placeOf(word, field)),
      ),
    }))
    .toSorted(byTitle);
  return { entries, vocabulary, isName };
}

function textOf(type: NodeType, field: Field): string {
  switch (field) {
    case "category":
      return type.category.join(" ");
    case "sockets":
      return [...(type.inputs ?? []), ...(type.outputs ?? [])].map(socketTitle).join(" ");
    default:
      return type[field] ?? "";
  }
}

function initialsOf(text: string): string {
  return wordsOf(text)
    .map((word) => word[0])
    .join("");
}

function byTitle(one: Entry, other: Entry): number {
  return (
    one.title.localeCompare(other.title, "en") ||
    (one.type.family ?? "").localeCompare(other.type.family ?? "", "en") ||
    (one.id < other.id ? -1 : 1)
  );
}

/**
 * What fits a text, best first; everything, by title, where the text is empty.
 *
 * ``boost`` puts some types a little before others that fit as well: 1 or 2 is little.
 */
export function searchTypes(
  index: SearchIndex,
  text: string,
  boost: (type: NodeType) => number = () => 0,
): Found[] {
  const whole = text.trim().toLowerCase();
  const typed = wordsOf(text);
  const ratings = typed.map((word) => rateVocabulary(index, word));
  const found: Found[] = [];
  for (const entry of index.entries) {
    const isWhole = whole === entry.title || whole === entry.id;
    // The steps of a loop run inside their loop alone: they are for those who know them by name.
    if (entry.type.kind === "loop_step" && !isWhole) {
      continue;
    }
    const score = typed.length === 0 ? 1 : scoreOf(entry, whole, ratings);
    if (score > 0) {
      found.push({ type: entry.type, score: score + boost(entry.type) });
    }
  }
  // The order of the index is kept where scores are the same: sorting is stable.
  return found.toSorted((one, other) => other.score - one.score);
}

function scoreOf(entry: Entry, whole: string, ratings: readonly Float32Array[]): number {
  let sum = 0;
  for (const rating of ratings) {
    const best = bestOf(entry, rating);
    if (best === 0) {
      sum = 0;
      break;
    }
    sum += best;
  }
  const average = ratings.length === 0 ? 0 : sum / ratings.length;
  return average + wholeScore(entry, whole);
}

/** What the text as a whole is to a type: its name, the beginning of its name, its initials. */
function wholeScore(entry: Entry, whole: string): number {
  if (entry.title === whole || entry.id === whole) {
    return 40;
  }
  if (entry.title.startsWith(whole)) {
    // A short title is nearer to what was typed.
    return 16 + 4 * (whole.length / entry.title.length);
  }
  const letters = whole.replaceAll(/\s/g, "");
  if (letters.length < 2) {
    return 0;
  }
  if (entry.initials.includes(letters)) {
    return 14;
  }
  if (entry.initials.some((initials) => initials.startsWith(letters))) {
    return 8 + letters.length / 100;
  }
  return entry.title.includes(whole) || entry.id.includes(letters) ? 5 : 0;
}

function bestOf(entry: Entry, rating: Float32Array): number {
  let best = 0;
  for (const [place, field] of FIELDS.entries()) {
    const weight = WEIGHTS[field];
    for (const word of entry.words[place] ?? []) {
      const score = (rating[word] ?? 0) * weight;
      if (score > best) {
        best = score;
      }
    }
  }
  return best;
}

/** How well each word of the catalogue fits a typed one, from 0 to 1. */
function rateVocabulary(index: SearchIndex, typed: string): Float32Array {
  const rating = new Float32Array(index.vocabulary.length);
  let isKnown = false;
  for (const [place, word] of index.vocabulary.entries()) {
    const rate = rateWord(word, typed);
    rating[place] = rate;
    isKnown ||= rate >= 0.5;
  }
  if (!isKnown) {
    for (const [place, word] of index.vocabulary.entries()) {
      if (index.isName[place] === true && isTypo(word, typed)) {
        rating[place] = 0.35;
      }
    }
  }
  return rating;
}

function rateWord(word: string, typed: string): number {
  if (word === typed) {
    return 1;
  }
  if (word.startsWith(typed)) {
    return 0.7 + 0.2 * (typed.length / word.length);
  }
  return typed.length >= 3 && word.includes(typed) ? 0.4 : 0;
}

/** The first socket of a type that fits, by name; undefined where none does. */
export function fittingSocket(
  type: NodeType,
  { side, type: wanted }: Fits,
  accepts: Accepts,
): string | undefined {
  const sockets: readonly { readonly name: string; readonly type: SocketType }[] =
    (side === "in" ? type.inputs : type.outputs) ?? [];
  const fitting = sockets.filter(({ type: own }) =>
    side === "in" ? mayFlow(wanted, own, accepts).isValid : mayFlow(own, wanted, accepts).isValid,
  );
  return (fitting.find(({ type: own }) => own === wanted) ?? fitting[0])?.name;
}
