import { afterEach, describe, expect, test } from "vitest";
import { filesOf, kindOfFile, kindOfName, playedAs } from "../../src/media/kinds";
import { formOf } from "../../src/media/valueMedia";
import { isDrawable, mainValue } from "../../src/panels/inspector/values";
import { summaryText } from "../../src/panels/inspector/words";
import { modesOf, pictureUrl } from "../../src/panels/viewer/modes";
import { picturesIn } from "../../src/panels/viewer/strip";
import { speak, text } from "../../src/texts/texts";
import { pictures, state, summary, tensor, written } from "../samples/states";

const facts = {
  films: 1,
  frames: 49,
  width: 64,
  height: 32,
  rate: 24,
  seconds: 2.0416,
  has_sound: true,
};
const film = summary("video", { details: { film: facts }, shape: [49, 32, 64, 3] });
const frames = tensor([2, 49, 3, 33, 64], {
  details: { film: { ...facts, films: 2, height: 33, rate: null, seconds: null } },
});
const sound = summary("audio", {
  details: { sound: { channels: 2, samples: 96000, rate: 48000, seconds: 2 } },
  shape: [2, 96000],
});
const waveform = tensor([2, 96000], {
  details: { sound: { channels: 2, samples: 96000, rate: null, seconds: null } },
});

afterEach(async () => {
  await speak("en");
});

describe("what a file is", () => {
  test.each([
    ["a.mp4", "film"],
    ["a.WEBM", "film"],
    ["a.b.mkv", "film"],
    ["a.gif", "picture"],
    ["a.png", "picture"],
    ["a.flac", "sound"],
    ["a.opus", "sound"],
    ["mp4", "picture"],
  ])("%s is a %s", (name, kind) => {
    expect(kindOfName(name)).toBe(kind);
  });

  test("what the browser says counts first, then the name", () => {
    expect(kindOfFile(new File([], "a", { type: "video/mp4" }))).toBe("film");
    expect(kindOfFile(new File([], "a", { type: "audio/wav" }))).toBe("sound");
    expect(kindOfFile(new File([], "a.png", { type: "image/png" }))).toBe("picture");
    expect(kindOfFile(new File([], "a.mkv"))).toBe("film");
    expect(kindOfFile(new File([], "a.json", { type: "application/json" }))).toBe("other");
  });

  test("films are told apart from the pictures among which they are shown", () => {
    const file = (filename: string) => ({ filename, subfolder: "", type: "output" }) as const;
    const all = [file("a.mp4"), file("b.gif"), file("c.png")];
    expect(filesOf(all, "film")).toEqual([all[0]]);
    expect(filesOf(all, "picture")).toEqual([all[1], all[2]]);
    expect(filesOf(undefined, "film")).toEqual([]);
  });
});

describe("values that can be played", () => {
  test("as what, and in which form", () => {
    expect([film, frames, sound, waveform, tensor([1, 4, 8, 8])].map(playedAs)).toEqual([
      "film",
      "film",
      "sound",
      undefined,
      undefined,
    ]);
    expect(formOf(film, "film")).toBe("mp4");
    expect(formOf(frames, "film")).toBe("webm");
    expect(formOf(sound, "sound")).toBe("wav");
  });

  test("in words, in both languages", async () => {
    expect(summaryText(film, text)).toBe("49 frames, 64×32, 2.04 s, 24 a second");
    expect(summaryText(sound, text)).toBe("2 s, 48000 Hz, stereo");
    expect(summaryText(frames, text)).toBe("2×49×3×33×64 float32, 2 × 49 frames, 64×33");
    await speak("de");
    expect(summaryText(film, text)).toBe("49 Einzelbilder, 64×32, 2,04 s, 24 je Sekunde");
    expect(summaryText(sound, text)).toBe("2 s, 48000 Hz, stereo");
  });

  test("are what a node is about before pictures and latents", () => {
    const values = [written("latents", tensor([1, 16, 9, 8, 8])), written("film", film)];
    expect(mainValue(state({ written: values }))?.name).toBe("film");
    expect([film, sound].every(isDrawable)).toBe(true);
  });
});

describe("looking at a film", () => {
  test("played first, then frame by frame", () => {
    expect(modesOf(film)).toEqual(["film", "picture"]);
    expect(modesOf(frames)).toEqual(["film", "picture", "channels"]);
    expect(modesOf(sound)).toEqual(["sound", "picture"]);
  });

  test("every frame can be chosen, of several films by film and frame", () => {
    expect(picturesIn(film)).toHaveLength(49);
    expect(picturesIn(film)[48]).toEqual(["48"]);
    expect(picturesIn(frames)).toHaveLength(98);
    expect(picturesIn(frames)[49]).toEqual(["1", "0"]);
    expect(picturesIn(pictures(3, 8, 8))).toEqual([["0"], ["1"], ["2"]]);
  });

  test("a frame is a whole picture, a sound a drawing", () => {
    const place = { job: "j", node: "n", name: "film" };
    expect(pictureUrl(place, film)).toContain("form=png");
    expect(pictureUrl(place, sound)).toContain("/thumbnail/");
  });
});
