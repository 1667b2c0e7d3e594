import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { changeNodes, toggleMode } from "../../src/graph/edit";
import { FileError, parseFile, readFile, writeFile } from "../../src/graph/file";
import { insertReroute } from "../../src/graph/insert";
import type { GraphDocument, Json } from "../../src/graph/model";
import { CATALOGUE, chain, draw, toyNode, wiresIn } from "./toys";

const EXAMPLES = join(import.meta.dirname, "../../../examples");

function read(content: unknown): GraphDocument {
  return readFile(content as Json, CATALOGUE);
}

function roundTrip(document: GraphDocument): GraphDocument {
  return read(parseFile(JSON.stringify(writeFile(document, CATALOGUE))));
}

describe("every example", () => {
  const names = readdirSync(EXAMPLES).filter((name) => name.endsWith(".json"));

  it("is found", () => {
    expect(names.length).toBeGreaterThan(3);
  });

  it.each(names)("%s is written as it was read", (name) => {
    const content = JSON.parse(readFileSync(join(EXAMPLES, name), "utf8")) as {
      prompt: Json;
      extra?: Record<string, Json>;
    };
    const written = writeFile(read(content), CATALOGUE);
    expect(written.prompt).toEqual(content.prompt);
    expect(written.extra).toEqual({ groups: [], notes: [], ...content.extra });
  });
});

describe("files of other programs", () => {
  it("name outputs by their place, and nodes by numbers", () => {
    const document = read({
      "3": { class_type: "Load", inputs: {} },
      "4": { class_type: "Decode", inputs: { pipeline: ["3", 0] } },
      "5": { class_type: "Save", inputs: { images: ["4", 1] } },
    });
    expect(wiresIn(document)).toEqual(["3.pipeline -> 4.pipeline", "4.images -> 5.images"]);
  });

  it("say nothing of places: they are laid out", () => {
    const document = read({
      "3": { class_type: "Load", inputs: {} },
      "4": { class_type: "Decode", inputs: { pipeline: ["3", 0] } },
    });
    expect(Object.values(document.nodes).map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [370, 0],
    ]);
  });

  it("keep node types that are not known, what is in them and what they link to", () => {
    const prompt = {
      a: {
        class_type: "KSampler",
        inputs: { seed: 3, model: ["b", 0], image: ["b", "0"] },
        _meta: { title: "Sampler", position: [1, 2] },
      },
      b: { class_type: "Loader", inputs: {}, _meta: { title: "Loader", position: [3, 4] } },
    };
    const document = read({ prompt });
    expect(document.nodes["a"]).toEqual(
      toyNode("a", {
        type: "KSampler",
        title: "Sampler",
        x: 1,
        y: 2,
        given: { seed: 3, model: ["b", "0"], image: ["b", "0"] },
      }),
    );
    expect(writeFile(document, CATALOGUE).prompt["a"]?.inputs).toEqual({
      seed: 3,
      model: ["b", 0],
      image: ["b", 0],
    });
  });

  it("keep what they have in _meta and in extra", () => {
    const content = {
      prompt: {
        a: {
          class_type: "Load",
          inputs: {},
          _meta: { title: "Mine", position: [1, 2], other: { deep: [1] } },
        },
      },
      extra: { viewport: [0, 0, 1], someone: { else: true }, groups: [], notes: [] },
    };
    expect(writeFile(read(content), CATALOGUE)).toEqual(content);
  });
});

describe("values", () => {
  it("that are lists are told from links by being wrapped", () => {
    const document = read({
      a: {
        class_type: "Text",
        inputs: {
          list: { __value__: ["b", 0] },
          plain: [1, 2, 3],
          pair: [0, 1],
          half: ["b", 0.5],
          link: ["b", 0],
          nothing: null,
          object: { x: 1 },
          wrapped: { __value__: { __value__: 1 } },
        },
      },
      b: { class_type: "Int", inputs: {} },
    });
    expect(document.nodes["a"]?.inputs).toEqual({
      list: { kind: "typed", value: ["b", 0] },
      plain: { kind: "typed", value: [1, 2, 3] },
      pair: { kind: "typed", value: [0, 1] },
      half: { kind: "typed", value: ["b", 0.5] },
      link: { kind: "link", node: "b", output: "int" },
      nothing: { kind: "typed", value: null },
      object: { kind: "typed", value: { x: 1 } },
      wrapped: { kind: "typed", value: { __value__: 1 } },
    });
    expect(roundTrip(document).nodes["a"]?.inputs).toEqual(document.nodes["a"]?.inputs);
  });
});

describe("what is drawn but does not run so", () => {
  const muted = toggleMode(chain(), ["save"], "muted");
  const bypassed = toggleMode(chain(), ["denoise"], "bypassed");
  const bent = insertReroute(
    chain(),
    { from: "text", output: "pipeline", to: "denoise", input: "pipeline" },
    { x: 700, y: 20 },
  ).document;

  it.each([
    ["muted", muted],
    ["bypassed", bypassed],
    ["bent", bent],
    ["collapsed", changeNodes(chain(), ["text", "save"], { isCollapsed: true, isUnfolded: true })],
    ["bent and bypassed", toggleMode(bent, ["denoise"], "bypassed")],
  ])("comes back: %s", (_, document) => {
    expect(roundTrip(document)).toEqual(document);
  });

  it("is not in the prompt", () => {
    expect(Object.keys(writeFile(muted, CATALOGUE).prompt)).not.toContain("save");
    const { prompt } = writeFile(bypassed, CATALOGUE);
    expect(prompt["decode"]?.inputs).toEqual({ pipeline: ["text", "pipeline"] });
    expect(writeFile(bent, CATALOGUE).prompt).toEqual(writeFile(chain(), CATALOGUE).prompt);
  });

  it("is dropped where another program has changed the prompt since", () => {
    const file = writeFile(bent, CATALOGUE);
    const changed = {
      ...file,
      prompt: { ...file.prompt, denoise: { class_type: "Decode", inputs: {} } },
    };
    const document = read(changed);
    expect(document.nodes["reroute"]).toBeUndefined();
    expect(document.nodes["denoise"]?.type).toBe("Decode");
  });

  it("stands where only values and places were changed: the prompt's are taken", () => {
    const file = writeFile(bent, CATALOGUE);
    const denoise = file.prompt["denoise"];
    const changed = {
      ...file,
      prompt: {
        ...file.prompt,
        denoise: {
          ...denoise,
          inputs: { ...denoise?.inputs, steps: 50, generator: 7 },
          _meta: { position: [5, 6] },
        },
      },
    };
    expect(read(changed).nodes["denoise"]).toEqual(
      toyNode("denoise", {
        type: "Denoise",
        x: 5,
        y: 6,
        given: { pipeline: ["reroute", "value"], steps: 50, generator: 7 },
      }),
    );
  });

  it("leaves a muted node's readers without that link", () => {
    const document = toggleMode(chain(), ["decode"], "muted");
    expect(writeFile(document, CATALOGUE).prompt["save"]?.inputs).toEqual({});
  });
});

describe("groups and notes", () => {
  it("come back, without what is not a frame", () => {
    const document: GraphDocument = {
      ...draw({}),
      notes: { n: { id: "n", text: "hi", x: 1, y: 2, width: 100, height: 60 } },
      groups: { g: { id: "g", title: "G", colour: "blue", x: 1, y: 2, width: 300, height: 200 } },
    };
    expect(roundTrip(document)).toEqual(document);
    const odd = { prompt: {}, extra: { notes: [3, { text: "x", width: 1, x: "a" }], groups: {} } };
    expect(read(odd).notes).toEqual({
      note1: { id: "note1", text: "x", x: 0, y: 0, width: 40, height: 120 },
    });
  });
});

it("gives notes and groups other ids where nodes have theirs", () => {
  const document = read({
    prompt: { note1: { class_type: "Load", inputs: {} } },
    extra: { notes: [{ text: "a" }, { text: "b", id: "x" }], groups: [{ title: "c", id: "x" }] },
  });
  expect(Object.keys(document.notes)).toEqual(["note1_2", "x"]);
  expect(document.groups["x_2"]?.id).toBe("x_2");
});

describe("what cannot be opened", () => {
  it.each([
    ["[]", "file.noGraph", ""],
    ['{"nodes": [], "links": []}', "file.workflow", ""],
    ['{"prompt": {"a": {"inputs": {}}}}', "file.badNode", "a"],
    ["{ no", "file.noJson", ""],
  ])("says why: %s", (content, reason, place) => {
    const open = (): unknown => read(parseFile(content));
    expect(open).toThrow(FileError);
    expect(open).toThrow(expect.objectContaining({ reason, place }));
  });
});
