import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ACTIONS } from "../../src/actions/all";
import { layOutNodes } from "../../src/actions/arrange";
import { keepClipboard } from "../../src/actions/clipboard";
import { canExpand, expand } from "../../src/actions/nodes";
import { runGraph } from "../../src/actions/run";
import { dispatch } from "../../src/actions/shortcuts";
import { setSeedMode } from "../../src/graph/freshSeeds";
import { writeFile } from "../../src/graph/file";
import type { GraphDocument } from "../../src/graph/model";
import { EMPTY_DOCUMENT } from "../../src/graph/model";
import { useCatalogue } from "../../src/stores/catalogue";
import { currentDocument, openDocument, undo, useDocument } from "../../src/stores/document";
import { select, useInterface } from "../../src/stores/interface";
import { hasText } from "../../src/texts/texts";
import { CATALOGUE, chain, draw, wiresIn } from "../graph/toys";

const SEQUENTIAL = {
  ...CATALOGUE.types.get("Denoise"),
  kind: "sequential",
  sub_blocks: [{ name: "a", type_id: "Denoise" }],
} as never;

function open(document: GraphDocument): void {
  openDocument(document, "", "edit.open");
}

function act(id: string): void | Promise<void> {
  return ACTIONS.find((action) => action.id === id)?.run();
}

function clipboardEvent(type: string, data: DataTransfer): ClipboardEvent {
  return new ClipboardEvent(type, { clipboardData: data, bubbles: true, cancelable: true });
}

beforeEach(() => {
  const types = new Map(CATALOGUE.types).set("Denoise", SEQUENTIAL);
  useCatalogue.setState({ catalogue: { ...CATALOGUE, types }, isReady: true });
  useInterface.setState({ messages: [], dialog: null });
  open(chain());
  select([]);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the clipboard's events", () => {
  let stop: () => void;
  beforeEach(() => {
    stop = keepClipboard();
  });
  afterEach(() => {
    stop();
  });

  it("cut what is selected, and paste it again with ids of its own", () => {
    const data = new DataTransfer();
    select(["decode", "save"]);
    const cut = clipboardEvent("cut", data);
    document.body.dispatchEvent(cut);
    expect(cut.defaultPrevented).toBe(true);
    expect(Object.keys(currentDocument().nodes)).toEqual(["load", "text", "denoise"]);
    document.body.dispatchEvent(clipboardEvent("paste", data));
    expect(wiresIn(currentDocument())).toContain("decode.images -> save.images");
    expect(useInterface.getState().selection).toEqual(new Set(["decode", "save"]));
    undo();
    undo();
    expect(currentDocument()).toEqual(chain());
  });

  it("keep links from outside where Shift was held", () => {
    const data = new DataTransfer();
    select(["decode"]);
    document.body.dispatchEvent(clipboardEvent("copy", data));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "V", shiftKey: true }));
    document.body.dispatchEvent(clipboardEvent("paste", data));
    expect(wiresIn(currentDocument())).toContain("denoise.pipeline -> decode_2.pipeline");
  });

  it("belong to fields, to dialogs, and to text that is no graph", () => {
    const data = new DataTransfer();
    data.setData("text/plain", "a fox");
    const text = clipboardEvent("paste", data);
    document.body.dispatchEvent(text);
    expect(text.defaultPrevented).toBe(false);
    data.setData("text/plain", JSON.stringify(writeFile(chain(), CATALOGUE)));
    const field = document.body.appendChild(document.createElement("input"));
    field.dispatchEvent(clipboardEvent("paste", data));
    useInterface.setState({ dialog: { name: "palette" } });
    document.body.dispatchEvent(clipboardEvent("paste", data));
    field.remove();
    expect(currentDocument()).toEqual(chain());
  });

  it("are left to the browser by the keys", () => {
    select(["save"]);
    const key = new KeyboardEvent("keydown", { key: "x", ctrlKey: true, cancelable: true });
    expect(dispatch(key, ACTIONS)).toBe(false);
    expect(key.defaultPrevented).toBe(false);
  });
});

describe("menus without a clipboard", () => {
  it("keep what was copied on this page", async () => {
    vi.stubGlobal("navigator", { ...navigator, clipboard: undefined });
    select(["save"]);
    await act("edit.copy");
    await act("edit.paste");
    expect(Object.keys(currentDocument().nodes)).toContain("save_2");
  });
});

describe("layout", () => {
  it("of too many nodes is refused, and says what to do", async () => {
    const many = Array.from({ length: 301 }, (_, index) => [`n${index}`, { type: "Int" }] as const);
    open(draw(Object.fromEntries(many)));
    const before = currentDocument();
    await layOutNodes(null);
    expect(currentDocument()).toBe(before);
    expect(useInterface.getState().messages[0]?.text).toContain("301");
  });

  it("that comes too late changes nothing", async () => {
    const later = layOutNodes(null);
    open(EMPTY_DOCUMENT);
    await later;
    expect(currentDocument()).toBe(EMPTY_DOCUMENT);
  });
});

describe("opening a node into its blocks", () => {
  const expanded = {
    ...writeFile(
      draw({
        load: { type: "Load" },
        text: { type: "Encode", x: 370, given: { pipeline: ["load", "pipeline"] } },
        inner: { type: "Denoise", x: 740, given: { pipeline: ["text", "pipeline"] } },
        decode: { type: "Decode", x: 1110, given: { pipeline: ["inner", "pipeline"] } },
      }),
      CATALOGUE,
    ),
    nodes: ["inner"],
    reason: "",
  };

  it("is for composites only", () => {
    const { nodes } = chain();
    expect(canExpand(nodes["denoise"])).toBe(true);
    expect(canExpand(nodes["text"])).toBe(false);
    expect(canExpand(undefined)).toBe(false);
  });

  it("takes up the server's answer, as one step of undo", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (path: string, init: { body: string }) => {
      asked.push(path, (JSON.parse(init.body) as { node: string }).node);
      return Promise.resolve(Response.json(expanded));
    });
    await expand("denoise");
    expect(asked).toEqual(["/blockloom/expand", "denoise"]);
    expect(wiresIn(currentDocument())).toContain("inner.pipeline -> decode.pipeline");
    expect(useInterface.getState().selection).toEqual(new Set(["inner"]));
    undo();
    expect(currentDocument()).toEqual(chain());
  });

  it("says why it cannot be, and leaves the graph alone", async () => {
    const error = { type: "graph", message: "Only a run decides.", remedy: "Give an image." };
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ error }, { status: 400 })));
    await expand("denoise");
    expect(currentDocument()).toEqual(chain());
    expect(useInterface.getState().messages[0]).toMatchObject({
      text: "Only a run decides.",
      remedy: "Give an image.",
    });
  });
});

describe("seeds for each run", () => {
  const seedIn = (): unknown => currentDocument().nodes["denoise"]?.inputs["generator"];

  beforeEach(() => {
    vi.stubGlobal("fetch", () =>
      Promise.resolve(Response.json({ prompt_id: "1", number: 1, node_errors: {}, jobs: [] })),
    );
    open(setSeedMode(chain(), "denoise", "new"));
  });

  it("are drawn for a run that a user starts, as a step of its own", async () => {
    await runGraph();
    expect(seedIn()).toMatchObject({ kind: "typed" });
    expect(useDocument.getState().past.at(-1)?.label).toBe("edit.freshSeeds");
    undo();
    expect(seedIn()).toBeUndefined();
  });

  it("are not drawn for a run that follows a change", async () => {
    await runGraph([], true);
    expect(seedIn()).toBeUndefined();
  });
});

it("names every step of undo in the text catalogue", () => {
  const root = join(import.meta.dirname, "../../src");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(join(root, path), "utf8"));
  const labels = sources.flatMap((source) =>
    [...source.matchAll(/\bedit\(\s*"([^"]+)"/g)].map(([, label = ""]) => label),
  );
  expect(labels.length).toBeGreaterThan(20);
  expect(labels.filter((label) => !hasText(label))).toEqual([]);
});
