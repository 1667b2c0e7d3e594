import { describe, expect, it } from "vitest";
import { copyText, duplicate, paste, readCopy } from "../../src/graph/clipboard";
import type { GraphDocument } from "../../src/graph/model";
import { EMPTY_DOCUMENT } from "../../src/graph/model";
import { CATALOGUE, chain, draw, toyNode, wiresIn } from "./toys";

function copied(document: GraphDocument, ids: readonly string[]): GraphDocument {
  const part = readCopy(copyText(document, ids, CATALOGUE), CATALOGUE);
  if (part === undefined) {
    throw new Error("what was copied cannot be read");
  }
  return part;
}

describe("copy and paste", () => {
  it("is a graph file with these nodes only", () => {
    const file = JSON.parse(copyText(chain(), ["text", "denoise"], CATALOGUE));
    expect(file).toEqual({
      prompt: {
        text: {
          class_type: "Encode",
          inputs: { pipeline: ["load", "pipeline"], prompt: "a red circle" },
          _meta: { title: "Encode", position: [370, 0] },
        },
        denoise: {
          class_type: "Denoise",
          inputs: { pipeline: ["text", "pipeline"], steps: 4 },
          _meta: { title: "Denoise", position: [740, 0] },
        },
      },
      extra: { groups: [], notes: [] },
    });
  });

  it("keeps links inside, drops links from outside, and gives ids of its own", () => {
    const { document, ids } = paste(chain(), copied(chain(), ["text", "denoise"]), CATALOGUE, {
      at: { x: 100, y: 500 },
    });
    expect(ids).toEqual(["text_2", "denoise_2"]);
    expect(document).toEqual({
      ...chain(),
      nodes: {
        ...chain().nodes,
        text_2: toyNode("text_2", {
          type: "Encode",
          x: 100,
          y: 500,
          given: { prompt: "a red circle" },
        }),
        denoise_2: toyNode("denoise_2", {
          type: "Denoise",
          x: 470,
          y: 500,
          given: { pipeline: ["text_2", "pipeline"], steps: 4 },
        }),
      },
    });
  });

  it("keeps links from outside where asked to and where their ends are there", () => {
    const part = copied(chain(), ["text"]);
    const inside = paste(chain(), part, CATALOGUE, { keepsOutside: true });
    expect(wiresIn(inside.document)).toContain("load.pipeline -> text_2.pipeline");
    const elsewhere = paste(EMPTY_DOCUMENT, part, CATALOGUE, { keepsOutside: true });
    expect(elsewhere.document).toEqual(
      draw({ text: { type: "Encode", x: 370, given: { prompt: "a red circle" } } }),
    );
  });

  it("brings what lies in a copied group", () => {
    const group = { id: "g", title: "G", colour: "grey", x: 350, y: -50, width: 350, height: 400 };
    const note = { id: "n", text: "hello", x: 380, y: 200, width: 100, height: 50 };
    const document = { ...chain(), groups: { g: group }, notes: { n: note } };
    const { document: pasted, ids } = paste(document, copied(document, ["g"]), CATALOGUE, {
      at: { x: 0, y: 0 },
    });
    expect(ids).toEqual(["text_2", "n_2", "g_2"]);
    expect(pasted.groups["g_2"]).toEqual({ ...group, id: "g_2", x: 0, y: 0 });
    expect(pasted.notes["n_2"]).toEqual({ ...note, id: "n_2", x: 30, y: 250 });
    expect(pasted.nodes["text_2"]).toMatchObject({ x: 20, y: 50 });
  });

  it("keeps muted and bypassed nodes and bends as they are drawn", () => {
    const document = draw({
      load: { type: "Load", mode: "muted" },
      bend: { type: "Reroute", x: 300, given: { value: ["load", "pipeline"] } },
      denoise: {
        type: "Denoise",
        x: 400,
        mode: "bypassed",
        given: { pipeline: ["bend", "value"] },
      },
    });
    const { document: pasted } = paste(
      EMPTY_DOCUMENT,
      copied(document, ["load", "bend", "denoise"]),
      CATALOGUE,
    );
    expect(pasted).toEqual(document);
  });

  it("takes a whole graph file, ComfyUI's included", () => {
    const text = JSON.stringify({
      "1": { class_type: "Load", inputs: { model: "demo" } },
      "2": { class_type: "Encode", inputs: { pipeline: ["1", 0], prompt: "hi" } },
    });
    const part = readCopy(text, CATALOGUE);
    const { document, ids } = paste(
      draw({ "1": { type: "Save" } }),
      part ?? EMPTY_DOCUMENT,
      CATALOGUE,
    );
    expect(ids).toEqual(["2", "3"].toSorted((a, b) => ids.indexOf(a) - ids.indexOf(b)));
    expect(wiresIn(document)).toHaveLength(1);
  });

  it.each(["", "a prompt about foxes", "{}", "[1, 2]", '{"a": 1}', "{ broken"])(
    "is not for other text: %s",
    (text) => {
      expect(readCopy(text, CATALOGUE)).toBeUndefined();
    },
  );
});

describe("duplicate", () => {
  it("draws links from outside again, and stands a little beside", () => {
    const { document, ids } = duplicate(chain(), ["denoise"], CATALOGUE);
    expect(ids).toEqual(["denoise_2"]);
    expect(document.nodes["denoise_2"]).toEqual(
      toyNode("denoise_2", {
        type: "Denoise",
        x: 780,
        y: 40,
        given: { pipeline: ["text", "pipeline"], steps: 4 },
      }),
    );
  });
});
