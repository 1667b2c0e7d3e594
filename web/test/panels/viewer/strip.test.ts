import { describe, expect, test } from "vitest";
import { cellsOf, modesOf, pictureUrl } from "../../../src/panels/viewer/modes";
import { colourText } from "../../../src/panels/viewer/pixels";
import { picturesIn } from "../../../src/panels/viewer/strip";
import { pictures, summary, tensor } from "../../samples/states";

describe("the pictures in a value", () => {
  test("all of a list, also those that are not told", () => {
    expect(picturesIn(pictures(3, 8, 8))).toEqual([["0"], ["1"], ["2"]]);
    expect(picturesIn(pictures(40, 8, 8))).toHaveLength(40);
  });

  test("frames of videos by video and frame", () => {
    const video = summary("images", {
      items: [
        { name: "0", ...pictures(2, 8, 8) },
        { name: "1", ...pictures(1, 8, 8) },
      ],
    });
    expect(picturesIn(video)).toEqual([
      ["0", "0"],
      ["0", "1"],
      ["1", "0"],
    ]);
  });

  test("the items of a batch", () => {
    expect(picturesIn(tensor([2, 4, 8, 8]))).toEqual([["0"], ["1"]]);
    expect(picturesIn(tensor([4, 8, 8]))).toEqual([]);
    expect(picturesIn(summary("image"))).toEqual([]);
  });
});

describe("ways to draw", () => {
  test.each([
    [pictures(1, 8, 8), ["picture"]],
    [tensor([1, 3, 64, 64]), ["picture", "channels"]],
    [tensor([1, 64, 64, 3]), ["picture", "channels"]],
    [tensor([1, 4, 16, 16]), ["colours", "channels"]],
    [tensor([77, 768]), ["channels"]],
    [tensor([1, 77, 768]), ["channels"]],
  ])("%#", (value, modes) => {
    expect(modesOf(value)).toEqual(modes);
  });

  test("pictures come whole, latents in learned colours", () => {
    const place = { job: "j", node: "n 1", name: "a/b", step: 3, item: ["0", "1"] };
    expect(pictureUrl(place, pictures(1, 8, 8))).toBe(
      "/blockloom/block_state/j/n%201/a%2Fb?form=png&step=3&item=0&item=1",
    );
    expect(pictureUrl({ job: "j", node: "n", name: "x" }, tensor([1, 4, 8, 8]))).toBe(
      "/blockloom/thumbnail/j/n/x?size=1024",
    );
  });
});

describe("cells of a drawn tensor", () => {
  test("every cell became a square of pixels", () => {
    expect(cellsOf(tensor([1, 4, 16, 32]), { width: 256, height: 128 })).toEqual({
      width: 32,
      height: 16,
    });
    expect(cellsOf(tensor([1, 64, 64, 3]), { width: 64, height: 64 })).toEqual({
      width: 64,
      height: 64,
    });
  });

  test("a sheet of several, a smaller drawing and a picture have none", () => {
    expect(cellsOf(tensor([2, 4, 16, 16]), { width: 250, height: 124 })).toBeUndefined();
    expect(cellsOf(tensor([1, 4, 512, 512]), { width: 256, height: 256 })).toBeUndefined();
    expect(cellsOf(pictures(1, 64, 64), { width: 64, height: 64 })).toBeUndefined();
  });
});

test("colours as they are written", () => {
  expect(colourText([255, 136, 0, 255])).toBe("#ff8800");
  expect(colourText([255, 136, 0, 128])).toBe("#ff880080");
});
