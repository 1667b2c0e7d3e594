import { describe, expect, test } from "vitest";
import { drawableNames, heldAt, loopOf, shownStep } from "../../../src/panels/inspector/loop";
import { step, summary, tensor } from "../../samples/states";

const LATENTS = tensor([1, 4, 8, 8]);
const STEPS = [0, 1, 2].map((index) => step(index, { latents: LATENTS }, 3));

describe("how far a loop is", () => {
  test("after the run all steps are there", () => {
    expect(loopOf(STEPS, null)).toEqual({ count: 3, total: 3 });
    expect(loopOf([], null)).toEqual({ count: 0, total: 0 });
  });

  test("a run that was cancelled has fewer than there were to be", () => {
    expect(loopOf(STEPS.slice(0, 2), null)).toEqual({ count: 2, total: 3 });
  });

  test("while it runs, the events count", () => {
    expect(loopOf(STEPS, { count: 5, total: 25 })).toEqual({ count: 5, total: 25 });
  });
});

describe("which step is shown", () => {
  const loop = { count: 5, total: 25 };

  test("the newest one is followed, an older one is held", () => {
    expect(shownStep(null, loop)).toBe(5);
    expect(shownStep(2, loop)).toBe(2);
    expect(shownStep(2, { count: 9, total: 25 })).toBe(2);
  });

  test("choosing the newest step means to follow, dragging beyond it too", () => {
    expect(heldAt(5, loop)).toBeNull();
    expect(heldAt(20, loop)).toBeNull();
    expect(heldAt(3, loop)).toBe(3);
    expect(heldAt(0, loop)).toBe(1);
  });

  test("before the first step there is none", () => {
    expect(shownStep(null, { count: 0, total: 25 })).toBe(0);
    expect(shownStep(4, { count: 0, total: 25 })).toBe(0);
  });
});

test("the predicted picture is drawn first, then the latents; small things are not", () => {
  const values = {
    latents: LATENTS,
    noise_pred: LATENTS,
    t: tensor([1]),
    name: summary("text"),
    predicted: LATENTS,
  };
  expect(drawableNames([step(0, { noise_pred: LATENTS }), step(1, values)])).toEqual([
    "predicted",
    "latents",
    "noise_pred",
  ]);
});
