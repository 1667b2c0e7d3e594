import { describe, expect, it } from "vitest";
import { inheritedLines } from "../../src/canvas/places";
import { problemWords } from "../../src/canvas/problems";
import { originText, refusalText } from "../../src/canvas/wireWords";
import type { CheckAnswer, Problem, Source } from "../../src/protocol/answers";
import type { CheckState } from "../../src/stores/check";
import { freshNodes, taken } from "../../src/stores/check";
import { speak } from "../../src/texts/texts";
import { CATALOGUE, chain } from "../graph/toys";

function link(node: string): Source {
  return { from: "link", node, output: "pipeline" };
}

const ORDER = ["load", "text", "denoise", "decode", "save"];

function answer(plan: Readonly<Record<string, string>> | null, rest = {}): CheckAnswer {
  const checked = (class_type: string, inputs: Readonly<Record<string, Source>>) => ({
    class_type,
    inputs,
    branches: {},
    undecided: [],
  });
  return {
    can_run: true,
    problems: [],
    order: ORDER,
    plan,
    nodes: {
      load: checked("Load", {}),
      text: checked("Encode", { pipeline: link("load") }),
      denoise: checked("Denoise", {
        pipeline: link("text"),
        prompt_embeds: { from: "state", node: "text", name: "prompt_embeds", is_certain: true },
      }),
      decode: checked("Decode", { pipeline: link("denoise") }),
      save: checked("SaveImage", { images: link("decode") }),
    },
    ...rest,
  };
}

const EMPTY: CheckState = {
  answer: null,
  problemsByNode: {},
  fresh: new Set(),
  isStale: true,
};

const MISSING: Problem = {
  code: "missing_input",
  node: "denoise",
  class_type: "Denoise",
  socket: "prompt_embeds",
  side: "input",
  message: "It needs a value, and nothing gives it one.",
  remedy: "",
  is_warning: false,
};

describe("freshNodes", () => {
  const saving = {
    ...CATALOGUE,
    types: new Map(CATALOGUE.types).set("SaveImage", {
      id: "SaveImage",
      title: "Save",
      category: [],
      kind: "function",
      is_output: true,
    }),
  };

  it("has what would run again, but not a node that only ever saves", () => {
    const kept = { load: "kept", text: "kept", denoise: "kept", decode: "kept", save: "run" };
    expect(freshNodes(answer(kept), saving)).toEqual(new Set());
  });

  it("has the node that saves where what it reads would run again", () => {
    const changed = { load: "kept", text: "run", denoise: "run", decode: "run", save: "run" };
    expect(freshNodes(answer(changed), saving)).toEqual(
      new Set(["text", "denoise", "decode", "save"]),
    );
  });

  it("is empty while nobody was asked", () => {
    expect(freshNodes(answer(null), saving).size).toBe(0);
  });
});

describe("taken", () => {
  it("keeps what did not change as the same objects", () => {
    const general: Problem = { ...MISSING, code: "no_output", node: null, socket: null };
    const first = taken(answer(null, { problems: [MISSING, general] }), EMPTY, CATALOGUE);
    const again = taken(answer(null, { problems: [MISSING, general] }), first, CATALOGUE);
    expect(Object.keys(first.problemsByNode)).toEqual(["denoise"]);
    expect(again.problemsByNode["denoise"]).toBe(first.problemsByNode["denoise"]);
    expect(again.answer?.nodes["text"]).toBe(first.answer?.nodes["text"]);
  });
});

describe("inheritedLines", () => {
  const sources = answer(null).nodes["denoise"]?.inputs ?? {};

  it("runs from the node that wrote a value to the input that takes it over", () => {
    const [line, ...others] = inheritedLines(
      chain(),
      "denoise",
      "prompt_embeds",
      sources,
      CATALOGUE,
    );
    expect(others).toEqual([]);
    expect(line).toMatchObject({ key: "text", names: ["prompt_embeds"], isCertain: true });
    expect(line?.from.x).toBe(370 + 280);
    expect(line?.to.x).toBe(740);
  });

  it("has no line for what is linked", () => {
    expect(inheritedLines(chain(), "denoise", "pipeline", sources, CATALOGUE)).toEqual([]);
  });

  it("has one line for each giver of a whole node", () => {
    const bundle: Source = { from: "bundle", fields: { a: "text", b: "text", c: "load" } };
    const lines = inheritedLines(chain(), "denoise", "", { bundle }, CATALOGUE);
    expect(lines.map(({ key }) => key)).toEqual(["text", "load"]);
  });
});

describe("words", () => {
  const titleOf = (id: string): string => id.toUpperCase();

  it("say where an input gets its value", () => {
    const certain = { from: "state", node: "text", name: "x" } as const;
    expect([
      originText(link("text"), titleOf),
      originText({ from: "typed", value: 1 }, titleOf),
      originText({ ...certain, is_certain: true }, titleOf),
      originText({ ...certain, is_certain: false }, titleOf),
      originText({ from: "default", value: 25, text: "" }, titleOf),
      originText({ from: "default", value: null, text: "" }, titleOf),
      originText({ from: "nowhere" }, titleOf),
    ]).toEqual([
      "linked from TEXT",
      "typed here",
      "from TEXT, along the main wire",
      "perhaps from TEXT, along the main wire",
      "default 25",
      "optional",
      "empty",
    ]);
  });

  it("name types as an artist would", () => {
    const refusal = { reason: "wire.doesNotFit", source: "IMAGE", target: "INT" } as const;
    expect(refusalText(refusal)).toBe("Picture does not fit whole number.");
  });

  it("name what could supply a missing input, in both languages", async () => {
    expect(problemWords(MISSING, CATALOGUE)).toEqual({
      message: "prompt_embeds is missing",
      remedy: "It could come from: Encode.",
    });
    await speak("de");
    expect(problemWords({ ...MISSING, code: "no_output" }, CATALOGUE).message).toBe(
      "Kein Knoten speichert oder zeigt ein Ergebnis.",
    );
    expect(problemWords({ ...MISSING, code: "never_heard_of" }, CATALOGUE).message).toBe(
      MISSING.message,
    );
    await speak("en");
  });
});
