import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const SOURCE = readFileSync("src/style/tokens.css", "utf8");

/** The tokens of a theme: those of the light one stand on top of the dark one's. */
function tokensOf(theme: "dark" | "light"): ReadonlyMap<string, string> {
  const blocks = [SOURCE.slice(SOURCE.indexOf(":root {"), SOURCE.indexOf('[data-theme="light"]'))];
  if (theme === "light") {
    blocks.push(SOURCE.slice(SOURCE.indexOf('[data-theme="light"] {'), SOURCE.indexOf("@media")));
  }
  const found = new Map<string, string>();
  for (const [, name, value] of blocks.join("\n").matchAll(/--([\w-]+):\s*([^;]+);/g)) {
    found.set(name ?? "", value ?? "");
  }
  return found;
}

type Colour = readonly [number, number, number];

function colourOf(tokens: ReadonlyMap<string, string>, name: string, below?: Colour): Colour {
  const value = tokens.get(name) ?? "";
  const digits = /^#([\da-f]+)$/i.exec(value)?.[1];
  if (digits === undefined) {
    throw new Error(`--${name} is no colour: ${value}`);
  }
  const long = digits.length <= 4 ? digits.replaceAll(/./g, "$&$&") : digits;
  const parts = [0, 2, 4, 6].map((at) => Number.parseInt(long.slice(at, at + 2) || "ff", 16));
  const [red = 0, green = 0, blue = 0, alpha = 255] = parts;
  const over = below ?? [0, 0, 0];
  const share = alpha / 255;
  return [
    red * share + over[0] * (1 - share),
    green * share + over[1] * (1 - share),
    blue * share + over[2] * (1 - share),
  ];
}

/** Contrast as the Web Content Accessibility Guidelines 2.2 have it. */
function contrast(one: Colour, other: Colour): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const GROUNDS = ["bg", "canvas", "panel", "raised", "field"];
const WORDS = ["text", "text-dim", "text-faint", "accent-strong", "good", "bad", "warn", "kept"];

describe.each(["dark", "light"] as const)("%s theme", (theme) => {
  const tokens = tokensOf(theme);

  it.each(WORDS.flatMap((word) => GROUNDS.map((ground) => [word, ground])))(
    "%s can be read on %s",
    (word = "", ground = "") => {
      const found = contrast(colourOf(tokens, word), colourOf(tokens, ground));
      expect(found).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(["accent", "accent-strong"])("what stands on %s can be read", (ground) => {
    const found = contrast(colourOf(tokens, "on-accent"), colourOf(tokens, ground));
    expect(found).toBeGreaterThanOrEqual(4.5);
  });

  it("what is chosen in a list can be read", () => {
    for (const below of ["panel", "raised"]) {
      const ground = colourOf(tokens, "accent-soft", colourOf(tokens, below));
      for (const word of ["text", "text-dim"]) {
        expect(contrast(colourOf(tokens, word), ground)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("wires stand out from the canvas", () => {
    const wires = [...tokens.keys()].filter((name) => name.startsWith("wire-"));
    expect(wires.length).toBeGreaterThan(10);
    for (const wire of wires) {
      expect(contrast(colourOf(tokens, wire), colourOf(tokens, "canvas"))).toBeGreaterThanOrEqual(
        3,
      );
    }
  });
});
