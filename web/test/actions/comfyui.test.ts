import { afterEach, expect, it, vi } from "vitest";
import { downloadForComfyUI } from "../../src/actions/files";
import { openEmpty, openFile } from "../../src/actions/open";
import { graphInFile } from "../../src/media/origin";
import { currentDocument, useDocument } from "../../src/stores/document";
import { useInterface } from "../../src/stores/interface";

const PROMPT = { a: { class_type: "LoadImage", inputs: { image: "a.png" } } };
const PLACED = { a: { ...PROMPT.a, _meta: { position: [30, 40] } } };
const WORKFLOW = { nodes: [], links: [], version: 0.4 };

/** A server that answers each route; what it was asked comes back. */
function answering(answers: Readonly<Record<string, unknown>>, status = 200): unknown[] {
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", (path: string, options?: RequestInit) => {
    asked.push([path, JSON.parse(String(options?.body))]);
    return Promise.resolve(new Response(JSON.stringify(answers[path] ?? {}), { status }));
  });
  return asked;
}

function file(content: unknown): File {
  return new File([JSON.stringify(content)], "drawn.json", { type: "application/json" });
}

function pngFile(texts: Readonly<Record<string, unknown>>): File {
  const chunks = Object.entries(texts).map(([keyword, value]) => {
    const data = Buffer.from(`${keyword}\0${JSON.stringify(value)}`, "latin1");
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write("tEXt", 4, "latin1");
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new File([Buffer.concat([signature, ...chunks])], "saved.png", { type: "image/png" });
}

/** What is downloaded from now on: names and contents. */
function downloads(): Promise<[string, unknown]>[] {
  const found: Promise<[string, unknown]>[] = [];
  let content: Blob | undefined;
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    content = blob as Blob;
    return "blob:";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(
    this: HTMLAnchorElement,
  ) {
    const { download } = this;
    const text = content?.text() ?? Promise.resolve("null");
    found.push(text.then((json) => [download, JSON.parse(json) as unknown]));
  });
  return found;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  useInterface.setState({ messages: [] });
  openEmpty();
});

it("opens a workflow of ComfyUI's editor through the server", async () => {
  const asked = answering({ "/blockloom/import": { prompt: PLACED, extra: {} } });
  expect(await openFile(file(WORKFLOW))).toBe(true);
  expect(asked).toEqual([["/blockloom/import", { graph: WORKFLOW }]]);
  expect(currentDocument().nodes["a"]).toMatchObject({ type: "LoadImage", x: 30, y: 40 });
});

it("says why a workflow cannot be opened", async () => {
  answering({ "/blockloom/import": { error: { message: "It is a subgraph." } } }, 400);
  expect(await openFile(file(WORKFLOW))).toBe(false);
  expect(useInterface.getState().messages.map(({ text }) => text)).toEqual(["It is a subgraph."]);
});

it("opens a file of ComfyUI's API, through the server where it can", async () => {
  const asked = answering({ "/blockloom/import": { prompt: PLACED, extra: {} } });
  expect(await openFile(file(PROMPT))).toBe(true);
  expect(asked).toEqual([["/blockloom/import", { graph: PROMPT }]]);
  expect(currentDocument().nodes["a"]).toMatchObject({ x: 30, y: 40 });
  answering({ "/blockloom/import": { error: { message: "No." } } }, 400);
  expect(await openFile(file({ b: PROMPT.a }))).toBe(true);
  expect(currentDocument().nodes["b"]).toMatchObject({ type: "LoadImage" });
});

it("asks nobody for graph files", async () => {
  const asked = answering({});
  expect(await openFile(file({ prompt: PROMPT }))).toBe(true);
  expect(asked).toEqual([]);
});

it("places what ComfyUI saved in a picture as it was drawn there", async () => {
  const asked = answering({ "/blockloom/import": { prompt: PLACED, extra: {} } });
  const found = await graphInFile(pngFile({ prompt: PROMPT, workflow: WORKFLOW }));
  expect(found).toEqual({ content: { prompt: PLACED, extra: {} }, seed: null });
  const graph = { prompt: PROMPT, extra: {} };
  expect(asked).toEqual([["/blockloom/import", { graph, workflow: WORKFLOW }]]);
});

it("opens such a picture unplaced where its workflow cannot be read", async () => {
  answering({}, 400);
  const found = await graphInFile(pngFile({ prompt: PROMPT, workflow: WORKFLOW }));
  expect(found).toEqual({ content: { prompt: PROMPT, extra: {} }, seed: null });
});

it("takes the places of a picture of ours from the picture", async () => {
  const asked = answering({});
  const found = await graphInFile(pngFile({ prompt: PLACED, workflow: WORKFLOW }));
  expect(found).toEqual({ content: { prompt: PLACED, extra: {} }, seed: null });
  expect(asked).toEqual([]);
});

it("downloads the graph in both of ComfyUI's formats", async () => {
  const problem = { node: "a", message: "It is rounded.", code: "not_in_comfyui" };
  const asked = answering({
    "/blockloom/export": { workflow: WORKFLOW, prompt: PROMPT, problems: [problem] },
  });
  const found = downloads();
  await openFile(file({ prompt: PROMPT }));
  useDocument.setState({ name: "people/first" });
  await downloadForComfyUI("workflow");
  await downloadForComfyUI("prompt");
  expect(await Promise.all(found)).toEqual([
    ["people_first_comfyui.json", WORKFLOW],
    ["people_first_api.json", PROMPT],
  ]);
  expect(asked).toHaveLength(2);
  expect(asked[0]).toMatchObject([
    "/blockloom/export",
    { to: "comfyui", graph: { prompt: PROMPT } },
  ]);
  expect(useInterface.getState().messages[0]).toMatchObject({ remedy: "a: It is rounded." });
});

it("says what has no place in ComfyUI", async () => {
  answering({ "/blockloom/export": { error: { message: "No list here.", remedy: "One." } } }, 400);
  const found = downloads();
  await downloadForComfyUI("workflow");
  expect(found).toEqual([]);
  expect(useInterface.getState().messages).toMatchObject([
    { text: "No list here.", remedy: "One." },
  ]);
});
