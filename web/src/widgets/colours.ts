/** Colours as numbers 0xRRGGBB, as nodes have them, and as people write them. */

const MOST = 0xffffff;

export function hexOf(colour: number): string {
  return `#${Math.min(Math.max(Math.round(colour), 0), MOST)
    .toString(16)
    .padStart(6, "0")}`;
}

/** The colour a text stands for: with or without ``#``, six digits or three. */
export function parseHex(text: string): number | undefined {
  const digits = text.trim().replace(/^#/, "");
  const whole = digits.length === 3 ? digits.replaceAll(/./g, "$&$&") : digits;
  return /^[0-9a-f]{6}$/i.test(whole) ? Number.parseInt(whole, 16) : undefined;
}
