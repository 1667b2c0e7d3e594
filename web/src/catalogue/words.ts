/** Words of names and sentences, and whether one is another one mistyped. */

/** The words of a text in small letters; camel case is taken apart: ``VAEDecode`` is vae, decode. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
      .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
      .toLowerCase()
      .match(/[\p{L}\d]+/gu) ?? []
  );
}

const SHORT = 4;
const LONG = 8;

/** Whether ``typed`` may have been meant to be ``word``, or its beginning. */
export function isTypo(word: string, typed: string): boolean {
  if (typed.length < SHORT || word[0] !== typed[0]) {
    return false;
  }
  const allowed = typed.length >= LONG ? 2 : 1;
  return (
    isNear(word, typed, allowed) ||
    isNear(word.slice(0, typed.length), typed, allowed) ||
    isNear(word.slice(0, typed.length + 1), typed, allowed)
  );
}

/** Whether so many letters put in, left out, changed or swapped with the next one are enough. */
function isNear(one: string, other: string, allowed: number): boolean {
  if (Math.abs(one.length - other.length) > allowed) {
    return false;
  }
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && isSwapped) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      now.push(cost);
    }
    [beforeLast, last] = [last, now];
  }
  return (last[other.length] ?? allowed + 1) <= allowed;
}
