import { describe, expect, it } from "vitest";
import { outlineOf, placeOf } from "../../comfyui/histogram.js";
import { drawableNames, heldAt, shownStep } from "../../comfyui/loop.js";
import { speak } from "../../comfyui/texts.js";
import {
  bestOf,
  fittingValues,
  formsOf,
  inOrderOfReading,
  playedAs,
} from "../../comfyui/values.js";
import { bytesText, secondsText, summaryText } from "../../comfyui/words.js";

function summary(kind: string, more: Partial<ValueSummary> = {}): ValueSummary {
  return { kind, type: kind, text: kind, size: 0, ...more };
}

const LATENTS = summary("tensor", { shape: [1, 4, 16, 16], dtype: "float32", device: "cpu" });
const EMBEDS = summary("tensor", { shape: [1, 28, 160], dtype: "float16", device: "cuda:0" });
const PICTURE = summary("image", { shape: [64, 48, 3], details: { mode: "RGB" } });
const PICTURES = summary("images", { items: [{ ...PICTURE, name: "0" }] });

describe("summaryText", () => {
  it.each([
    [LATENTS, "1×4×16×16 float32"],
    [EMBEDS, "1×28×160 float16 cuda:0"],
    [PICTURE, "48×64 RGB"],
    [PICTURES, "1 picture, 48×64 RGB"],
    [summary("none"), "none"],
    [summary("boolean", { value: true }), "yes"],
    [summary("number", { value: 0.25 }), "0.25"],
    [summary("text", { value: "a castle" }), "a castle"],
    [summary("generator", { details: { seed: "2", has_moved: true } }), "seed 2, used"],
    [summary("list", { items: [{ ...summary("number", { value: 0 }), name: "0" }] }), "0"],
    [summary("list"), "empty"],
    [summary("model", { text: "UNet" }), "UNet"],
  ])("says %# in a few words", (value, words) => {
    expect(summaryText(value)).toBe(words);
  });

  it("speaks German where ComfyUI does", () => {
    speak("de-AT");
    expect(summaryText(PICTURES)).toBe("1 Bild, 48×64 RGB");
    expect(summaryText(summary("number", { value: 0.25 }))).toBe("0,25");
    speak("fr");
    expect(summaryText(summary("boolean", { value: false }))).toBe("no");
  });
});

it("tells sizes and times", () => {
  expect([0, 1023, 4096, 3 * 2 ** 30].map(bytesText)).toEqual(["0 B", "1,023 B", "4 KB", "3 GB"]);
  expect([0.0362, 0.9999, 12.34].map(secondsText)).toEqual(["36 ms", "1 s", "12.3 s"]);
});

describe("choosing values", () => {
  const values = [
    { name: "size", value: summary("none") },
    { name: "prompt_embeds", value: EMBEDS },
    { name: "latents", value: LATENTS },
    { name: "images", value: PICTURES },
    { name: "gone", value: null },
  ];

  it("finds what is worth a picture", () => {
    expect(bestOf(values)?.name).toBe("images");
    expect(bestOf(values.slice(0, 3))?.name).toBe("latents");
    expect(bestOf(values.slice(0, 1))).toBeUndefined();
  });

  it("puts the main value first and what is none last", () => {
    expect(inOrderOfReading(values).map(({ name }) => name)).toEqual([
      "images",
      "prompt_embeds",
      "latents",
      "gone",
      "size",
    ]);
  });

  it("filters by name, type, node and bundle", () => {
    const known = values.map((value) => ({
      ...value,
      writer: "4",
      is_given: false,
      bundles: ["b1"],
    }));
    const names = (filter: string): string[] =>
      fittingValues(known, filter, () => "Denoise").map(({ name }) => name);
    expect(names("lat")).toEqual(["latents"]);
    expect(names("denoise TENSOR")).toEqual(["prompt_embeds", "latents"]);
    expect(names("b1 gone")).toEqual(["gone"]);
  });

  it("knows how a value can be taken along and played", () => {
    expect(formsOf(LATENTS)).toEqual(["png", "npy", "safetensors"]);
    expect(formsOf(summary("text"))).toEqual([]);
    const film = { frames: 9, width: 64, height: 48 };
    expect(playedAs(summary("images", { details: { film } }))).toBe("mp4");
    expect(playedAs(summary("images", { details: { film: { ...film, width: 63 } } }))).toBe("webm");
    expect(playedAs(summary("audio", { details: { sound: { rate: 8000 } } }))).toBe("wav");
    expect(playedAs(summary("audio", { details: { sound: { rate: null } } }))).toBeUndefined();
  });
});

describe("steps", () => {
  it("are followed until one is held", () => {
    expect([shownStep(null, 7), shownStep(3, 7), shownStep(9, 7)]).toEqual([7, 3, 7]);
    expect([heldAt(3, 7), heldAt(7, 7), heldAt(0, 7)]).toEqual([3, null, 1]);
  });

  it("are drawn by the predicted picture first", () => {
    const values = { noise: LATENTS, latents: LATENTS, predicted: LATENTS, t: summary("number") };
    expect(drawableNames([{ index: 0, total: 1, values, dropped: [] }])).toEqual([
      "predicted",
      "latents",
      "noise",
    ]);
  });
});

it("draws histograms", () => {
  expect(outlineOf([0, 1000, 1], 30, 10)).toBe("M10 0h10v10h-10zM20 9h10v1h-10z");
  expect(placeOf(0, -1, 3, 100)).toBe(25);
  expect(placeOf(5, -1, 3, 100)).toBeNull();
  expect(placeOf(0, 0, 0, 100)).toBeNull();
});
