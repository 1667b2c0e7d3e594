import { beforeEach, expect, it } from "vitest";
import { addNode } from "../../src/graph/edit";
import type { GraphDocument } from "../../src/graph/model";
import { EMPTY_DOCUMENT, makeNode } from "../../src/graph/model";
import {
  currentDocument,
  edit,
  openDocument,
  redo,
  undo,
  useDocument,
} from "../../src/stores/document";

function withNode(id: string): (document: GraphDocument) => GraphDocument {
  return (document) => addNode(document, makeNode(id, "X", 0, 0));
}

beforeEach(() => {
  useDocument.setState({ document: EMPTY_DOCUMENT, past: [], future: [], name: "", saved: null });
});

it("takes back and does again one change at a time", () => {
  edit("edit.add", withNode("a"));
  edit("edit.add", withNode("b"));
  undo();
  expect(Object.keys(currentDocument().nodes)).toEqual(["a"]);
  redo();
  expect(Object.keys(currentDocument().nodes)).toEqual(["a", "b"]);
  undo();
  undo();
  undo();
  expect(currentDocument()).toBe(EMPTY_DOCUMENT);
});

it("has no step for a change that changes nothing", () => {
  edit("edit.add", (document) => document);
  expect(useDocument.getState().past).toEqual([]);
});

it("forgets what was taken back once something else is done", () => {
  edit("edit.add", withNode("a"));
  undo();
  edit("edit.add", withNode("b"));
  redo();
  expect(Object.keys(currentDocument().nodes)).toEqual(["b"]);
});

it("goes back to the graph before with its name, so that saving never mixes two up", () => {
  const first = withNode("a")(EMPTY_DOCUMENT);
  openDocument(first, "first", "edit.open");
  const { opened } = useDocument.getState();
  edit("edit.add", withNode("b"));
  openDocument(withNode("c")(EMPTY_DOCUMENT), "second", "edit.open");
  undo();
  expect(useDocument.getState()).toMatchObject({ name: "first", saved: first, opened });
  expect(Object.keys(currentDocument().nodes)).toEqual(["a", "b"]);
  redo();
  expect(useDocument.getState()).toMatchObject({ name: "second", opened: opened + 1 });
  undo();
  openDocument(withNode("d")(EMPTY_DOCUMENT), "third", "edit.open");
  expect(useDocument.getState().opened).toBe(opened + 2);
});

it("keeps the name that was given between a change and its undoing", () => {
  edit("edit.add", withNode("a"));
  useDocument.setState({ name: "named", saved: currentDocument() });
  undo();
  expect(useDocument.getState().name).toBe("named");
});
