import { describe, expect, test } from "vitest";
import {
  bestOf,
  goneSince,
  inOrderOfInterest,
  inOrderOfReading,
  isDrawable,
  mainValue,
  markOf,
  writerBefore,
} from "../../../src/panels/inspector/values";
import { pictures, readValue, state, summary, tensor, written } from "../../samples/states";

describe("what changed since the last run", () => {
  const before = [
    { name: "latents", key: "a" },
    { name: "height", key: "64" },
    { name: "gone", key: null },
  ];

  test.each([
    ["latents", "a", "same"],
    ["latents", "b", "changed"],
    ["width", "c", "new"],
    ["gone", "d", "unknown"],
    ["latents", "", "unknown"],
    ["latents", null, "unknown"],
  ])("%s of key %j is %s", (name, key, mark) => {
    expect(markOf({ name, key }, before)).toBe(mark);
  });

  test("without an earlier run nothing is marked", () => {
    expect(markOf({ name: "latents", key: "a" }, undefined)).toBe("unknown");
  });

  test("values that are there no more are told", () => {
    expect(goneSince([{ name: "latents" }], before).map(({ name }) => name)).toEqual([
      "height",
      "gone",
    ]);
    expect(goneSince([], undefined)).toEqual([]);
  });
});

describe("the value worth a thumbnail", () => {
  test("pictures come first, then latents, then other grids", () => {
    const noise = written("noise", tensor([1, 4, 8, 8]));
    const latents = written("latents", tensor([1, 4, 8, 8]));
    const images = written("images", pictures(1, 64, 64));
    expect(mainValue(state({ written: [noise, latents, images] }))).toBe(images);
    expect(mainValue(state({ written: [noise, latents] }))).toBe(latents);
    expect(mainValue(state({ written: [noise] }))).toBe(noise);
  });

  test("embeddings, numbers, empty and lost values are none", () => {
    const nothing = [
      written("embeds", tensor([1, 77, 768])),
      written("batch_size", summary("number", { value: 1 })),
      written("empty", tensor([0, 4, 8, 8])),
      written("lost", null),
    ];
    expect(mainValue(state({ written: nothing }))).toBeUndefined();
  });

  test("a picture of bands and rows counts, one of a single band does not", () => {
    const colours = { name: "colours", value: tensor([3, 64, 64]) };
    expect(bestOf([{ name: "a", value: tensor([1, 28, 160]) }, colours])).toBe(colours);
    expect(bestOf([{ name: "a", value: tensor([1, 28, 160]) }])).toBeUndefined();
  });

  test("what can be drawn at all", () => {
    expect(isDrawable(tensor([1, 28, 160]))).toBe(true);
    expect(isDrawable(tensor([28]))).toBe(false);
    expect(isDrawable(tensor([0, 4]))).toBe(false);
    expect(isDrawable(summary("text", { value: "a" }))).toBe(false);
  });
});

describe("order", () => {
  const size = written("height", summary("number", { value: 64 }), { key: "64" });
  const none = written("mask", summary("none"), { key: "none" });
  const embeds = written("embeds", tensor([1, 28, 160]), { key: "e2" });
  const latents = written("latents", tensor([1, 4, 8, 8]), { key: "l" });
  const now = state({ written: [size, none, embeds, latents] });

  test("on the node: main value, what changed, tensors, and what is none last", () => {
    const before = state({ written: [size, none, { ...embeds, key: "e1" }, latents] });
    const names = inOrderOfInterest(now, before).map(({ name }) => name);
    expect(names).toEqual(["latents", "embeds", "height", "mask"]);
  });

  test("in the inspector: main value first, what is none last, else as written", () => {
    const names = inOrderOfReading(now).map(({ name }) => name);
    expect(names).toEqual(["latents", "height", "embeds", "mask"]);
  });
});

test("whose value was replaced is known from what was read", () => {
  const embeds = written("embeds", tensor([1, 2]), { change: "changed" });
  const read = [readValue("embeds", { writer: "text" }), readValue("seed", { writer: "denoise" })];
  const found = state({ node_id: "denoise", read, written: [embeds] });
  expect(writerBefore(embeds, found)).toBe("text");
  expect(writerBefore(written("seed", null), found)).toBe("");
  expect(writerBefore(written("other", null), found)).toBe("");
});
