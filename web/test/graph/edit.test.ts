import { describe, expect, it } from "vitest";
import {
  changeNode,
  changeNodes,
  connect,
  disconnect,
  freshId,
  move,
  remove,
  rename,
  toggleFlag,
  toggleMode,
  typeValue,
} from "../../src/graph/edit";
import { EMPTY_DOCUMENT } from "../../src/graph/model";
import { chain, draw, toyNode, wiresIn } from "./toys";

describe("ids", () => {
  it("are the wanted name where it is free, in plain letters", () => {
    expect(freshId(EMPTY_DOCUMENT, "Text encoder!")).toBe("text_encoder");
    expect(freshId(EMPTY_DOCUMENT, "…")).toBe("node");
  });

  it("count up from what is there, without piling numbers up", () => {
    const document = draw({ save: { type: "Save" }, save_2: { type: "Save" } });
    expect(freshId(document, "save")).toBe("save_3");
    expect(freshId(document, "save_2")).toBe("save_3");
    expect(freshId(document, "save", { save_3: true })).toBe("save_4");
  });

  it("stay numbers where they are numbers", () => {
    const document = draw({ "3": { type: "Save" }, "4": { type: "Save" } });
    expect(freshId(document, "3")).toBe("5");
  });

  it("are not taken by notes and groups either", () => {
    const note = { id: "note", text: "", x: 0, y: 0, width: 100, height: 50 };
    expect(freshId({ ...EMPTY_DOCUMENT, notes: { note } }, "note")).toBe("note_2");
  });
});

describe("wires", () => {
  it("give way to a later one into the same input", () => {
    const document = connect(chain(), {
      from: "load",
      output: "pipeline",
      to: "decode",
      input: "pipeline",
    });
    expect(wiresIn(document)).toEqual([
      "decode.images -> save.images",
      "load.pipeline -> decode.pipeline",
      "load.pipeline -> text.pipeline",
      "text.pipeline -> denoise.pipeline",
    ]);
  });

  it("are taken away, and typed values are not", () => {
    const document = chain();
    expect(wiresIn(disconnect(document, "save", "images"))).not.toContain(
      "decode.images -> save.images",
    );
    expect(disconnect(document, "text", "prompt")).toBe(document);
  });
});

describe("removing", () => {
  it("takes the wires away that ended in what is gone", () => {
    const document = remove(chain(), new Set(["denoise"]));
    expect(Object.keys(document.nodes)).toEqual(["load", "text", "decode", "save"]);
    expect(wiresIn(document)).toEqual([
      "decode.images -> save.images",
      "load.pipeline -> text.pipeline",
    ]);
  });

  it("changes nothing where nothing is meant, so that there is nothing to undo", () => {
    const document = chain();
    expect(remove(document, new Set(["nobody"]))).toBe(document);
    expect(move(document, { text: { x: 370, y: 0 } })).toBe(document);
    expect(changeNode(document, "text", { title: "" })).toBe(document);
    expect(rename(document, "text", "")).toBe(document);
  });

  it("leaves untouched nodes the same objects", () => {
    const before = chain();
    const after = remove(before, new Set(["denoise"]));
    expect(after.nodes["save"]).toBe(before.nodes["save"]);
  });
});

describe("values", () => {
  it("are typed and taken back", () => {
    const typed = typeValue(chain(), "denoise", "steps", 8);
    expect(typed.nodes["denoise"]?.inputs["steps"]).toEqual({ kind: "typed", value: 8 });
    expect(typeValue(typed, "denoise", "steps", undefined).nodes["denoise"]?.inputs).toEqual({
      pipeline: { kind: "link", node: "text", output: "pipeline" },
    });
  });
});

describe("muting, bypassing and folding", () => {
  it("goes back only where all are so already", () => {
    const one = toggleMode(chain(), ["text"], "muted");
    const both = toggleMode(one, ["text", "denoise"], "muted");
    expect([both.nodes["text"]?.mode, both.nodes["denoise"]?.mode]).toEqual(["muted", "muted"]);
    expect(toggleMode(both, ["text", "denoise"], "muted")).toEqual(chain());
    expect(toggleMode(both, ["text", "denoise"], "bypassed").nodes["text"]?.mode).toBe("bypassed");
  });

  it("leaves reroutes out", () => {
    const document = draw({ bend: { type: "Reroute" }, save: { type: "Save" } });
    expect(toggleMode(document, ["bend", "save"], "muted")).toEqual(
      draw({ bend: { type: "Reroute" }, save: { type: "Save", mode: "muted" } }),
    );
    expect(changeNodes(document, ["bend"], { isCollapsed: true })).toBe(document);
  });

  it("collapses and unfolds", () => {
    const collapsed = toggleFlag(chain(), ["text", "save"], "isCollapsed");
    expect(collapsed.nodes["text"]?.isCollapsed).toBe(true);
    expect(toggleFlag(collapsed, ["text", "save"], "isCollapsed")).toEqual(chain());
  });
});

it("renames nodes and groups", () => {
  const group = { id: "g", title: "Group", colour: "grey", x: 0, y: 0, width: 9, height: 9 };
  const document = { ...chain(), groups: { g: group } };
  expect(rename(document, "text", "Words").nodes["text"]).toEqual({
    ...document.nodes["text"],
    title: "Words",
  });
  expect(rename(document, "g", "Look").groups["g"]?.title).toBe("Look");
});

it("moves nodes, notes and groups", () => {
  const node = toyNode("text", { type: "Encode" });
  const note = { id: "n", text: "", x: 0, y: 0, width: 9, height: 9 };
  const document = { ...EMPTY_DOCUMENT, nodes: { text: node }, notes: { n: note } };
  expect(move(document, { text: { x: 5, y: 6 }, n: { x: 7, y: 8 }, gone: { x: 1, y: 1 } })).toEqual(
    {
      ...EMPTY_DOCUMENT,
      nodes: { text: { ...node, x: 5, y: 6 } },
      notes: { n: { ...note, x: 7, y: 8 } },
    },
  );
});
