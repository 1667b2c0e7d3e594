import { afterEach, describe, expect, test } from "vitest";
import {
  bytesText,
  numberText,
  pictureCount,
  roughNumber,
  summaryText,
} from "../../../src/panels/inspector/words";
import { speak, text } from "../../../src/texts/texts";
import { pictures, summary, tensor } from "../../samples/states";

afterEach(async () => {
  await speak("en");
});

describe("values in words", () => {
  test.each([
    [summary("none"), "none", "nichts (none)"],
    [summary("boolean", { value: true }), "yes", "ja"],
    [summary("boolean", { value: false }), "no", "nein"],
    [summary("number", { value: 0.1 }), "0.1", "0,1"],
    [summary("number", { text: "NaN" }), "NaN", "NaN"],
    [summary("text", { value: "a cat" }), "a cat", "a cat"],
    [tensor([1, 4, 16, 16]), "1×4×16×16 float32", "1×4×16×16 float32"],
    [tensor([2], { device: "cuda:0", dtype: "float16" }), "2 float16 cuda:0", "2 float16 cuda:0"],
    [tensor([], { dtype: "int64" }), "1 int64", "1 int64"],
    [pictures(1, 512, 256), "1 picture, 512×256 RGB", "1 Bild, 512×256 RGB"],
    [pictures(40, 64, 64), "40 pictures, 64×64 RGB", "40 Bilder, 64×64 RGB"],
    [
      summary("generator", { details: { seed: "2", has_moved: true } }),
      "seed 2, used",
      "Seed 2, schon benutzt",
    ],
    [summary("generator", { details: { seed: "2", has_moved: false } }), "seed 2", "Seed 2"],
    [summary("list"), "empty", "leer"],
    [summary("scheduler", { text: "EulerDiscreteScheduler" }), ...twice("EulerDiscreteScheduler")],
  ] as const)("%j", async (value, english, german) => {
    expect(summaryText(value, text)).toBe(english);
    await speak("de");
    expect(summaryText(value, text)).toBe(german);
  });

  test("short lists are told, long ones and nested ones counted", () => {
    const number = (value: number) => ({ name: String(value), ...summary("number", { value }) });
    const short = summary("list", { items: [number(64), number(64)] });
    expect(summaryText(short, text)).toBe("64, 64");
    const long = summary("list", { items: [number(1), number(2)], left_out: 30 });
    expect(summaryText(long, text)).toBe("32 items");
    const nested = summary("list", { items: [{ name: "0", ...tensor([1]) }] });
    expect(summaryText(nested, text)).toBe("1 item");
    expect(summaryText(summary("dict", { items: [number(1)] }), text)).toBe("1 entry");
  });

  test("pictures are counted with those that are not told", () => {
    expect(pictureCount(pictures(40, 1, 1))).toBe(40);
    expect(pictureCount(summary("image"))).toBe(1);
  });
});

describe("numbers", () => {
  test.each([
    [25, "25"],
    [1024, "1024"],
    [4_500_000, "4,500,000"],
    [0.000_01, "1.0000e-5"],
    [0.333_333_333_333, "0.33333333"],
    [0, "0"],
  ])("%d is written %s", (value, shown) => {
    expect(numberText(value)).toBe(shown);
  });

  test.each([
    [null, "–"],
    [-1.636_449, "-1.636"],
    [0, "0"],
    [0.000_123, "1.23e-4"],
  ])("%j roughly is %s", (value, shown) => {
    expect(roughNumber(value)).toBe(shown);
  });

  test.each([
    [0, "0 B"],
    [4096, "4 KB"],
    [1536, "1.5 KB"],
    [5 * 2 ** 30, "5 GB"],
  ])("%d bytes are %s", (value, shown) => {
    expect(bytesText(value)).toBe(shown);
  });
});

function twice(word: string): [string, string] {
  return [word, word];
}
