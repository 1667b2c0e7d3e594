import { expect, test } from "vitest";
import { shownValues } from "../../../src/panels/inspector/whole";
import { stateValue, summary, tensor } from "../../samples/states";

const VALUES = [
  stateValue("prompt", { key: "p2", writer: "text_encoder", value: summary("text") }),
  stateValue("prompt_embeds", {
    key: "e2",
    writer: "text_encoder",
    bundles: ["denoiser_input_fields"],
    value: tensor([1, 28, 160], { text: "float32 1 x 28 x 160" }),
  }),
  stateValue("height", { key: "64", writer: "denoise", value: null }),
];
const names = (filter: string, more = {}): readonly string[] =>
  shownValues(VALUES, { filter, isOnlyChanged: false, before: undefined, ...more }).map(
    ({ name }) => name,
  );

test.each([
  ["", ["prompt", "prompt_embeds", "height"]],
  ["PROMPT", ["prompt", "prompt_embeds"]],
  ["float32 text", ["prompt_embeds"]],
  ["denoise", ["prompt_embeds", "height"]],
  ["input_fields", ["prompt_embeds"]],
  ["nothing", []],
])("%j finds by name, type, node and bundle", (filter, found) => {
  expect(names(filter)).toEqual(found);
});

test("only what has changed", () => {
  const before = [stateValue("prompt", { key: "p1" }), stateValue("prompt_embeds", { key: "e2" })];
  expect(names("", { isOnlyChanged: true, before })).toEqual(["prompt", "height"]);
  expect(names("prompt", { isOnlyChanged: true, before })).toEqual(["prompt"]);
});
