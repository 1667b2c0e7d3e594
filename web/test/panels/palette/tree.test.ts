import { describe, expect, it } from "vitest";
import { makeCatalogue } from "../../../src/catalogue/catalogue";
import type { NodeType } from "../../../src/catalogue/types";
import type { Kept, Row } from "../../../src/panels/palette/tree";
import { makeFolders, parentOf, rowsOf } from "../../../src/panels/palette/tree";
import { nextRow } from "../../../src/panels/palette/treeKeys";

function nodeType(id: string, category: string[], rest: Partial<NodeType> = {}): NodeType {
  return { id, title: id, category, kind: "function", ...rest };
}

const CATALOGUE = makeCatalogue({
  version: "",
  diffusers: "",
  node_types: [
    nodeType("Own", ["aquarelle"]),
    nodeType("SaveImage", ["image"]),
    nodeType("ImageScale", ["image", "upscaling"]),
    nodeType("Load", ["model"]),
    nodeType("Decode", ["Wan", "Decode"], { family: "wan" }),
    nodeType("Encode", ["Flux2", "Text Encoder"], { family: "flux2" }),
    nodeType("Step", ["Wan", "Loop Step"], { family: "wan", kind: "loop_step" }),
  ],
  pipelines: [],
  accepts: {},
  problems: [],
});
const FOLDERS = makeFolders(CATALOGUE);
const NOTHING: Kept = { favourites: [], recent: [], openFolders: [] };

function shown(rows: readonly Row[]): string[] {
  return rows.map((row) => `${row.level} ${row.kind === "folder" ? row.name : row.type.id}`);
}

describe("rowsOf", () => {
  it("has what is needed first on top, then own categories, then families by name", () => {
    const rows = rowsOf(FOLDERS, CATALOGUE, NOTHING);
    expect(shown(rows)).toEqual(["1 model", "1 image", "1 aquarelle", "1 Flux2", "1 Wan"]);
    const first = rows.filter((row) => row.kind === "folder" && row.startsFamilies);
    expect(shown(first)).toEqual(["1 Flux2"]);
  });

  it("leaves out what lies in closed folders, and the steps of loops", () => {
    const openFolders = ["/image", "/Wan"];
    expect(shown(rowsOf(FOLDERS, CATALOGUE, { ...NOTHING, openFolders }))).toEqual([
      "1 model",
      "1 image",
      "2 upscaling",
      "2 SaveImage",
      "1 aquarelle",
      "1 Flux2",
      "1 Wan",
      "2 Decode",
    ]);
  });

  it("puts favourites and what was used of late above all, where they still exist", () => {
    const kept = { favourites: ["Load", "Gone"], recent: ["Decode"], openFolders: [] };
    expect(shown(rowsOf(FOLDERS, CATALOGUE, kept)).slice(0, 4)).toEqual([
      "1 favourites",
      "2 Load",
      "1 recent",
      "1 model",
    ]);
  });
});

describe("nextRow", () => {
  const rows = rowsOf(FOLDERS, CATALOGUE, { ...NOTHING, openFolders: ["/image"] });

  it("goes up and down and stays inside", () => {
    expect(nextRow(rows, 0, "ArrowDown")).toEqual({ kind: "go", index: 1 });
    expect(nextRow(rows, 0, "ArrowUp")).toEqual({ kind: "go", index: 0 });
    expect(nextRow(rows, 2, "End")).toEqual({ kind: "go", index: rows.length - 1 });
  });

  it("opens a folder, goes into it, and out of it again", () => {
    expect(nextRow(rows, 0, "ArrowRight")).toEqual({ kind: "toggle" });
    expect(nextRow(rows, 1, "ArrowRight")).toEqual({ kind: "go", index: 2 });
    expect(nextRow(rows, 1, "ArrowLeft")).toEqual({ kind: "toggle" });
    expect(nextRow(rows, 3, "ArrowLeft")).toEqual({ kind: "go", index: 1 });
    expect(parentOf(rows, 3)).toBe(1);
  });

  it("goes to the next name that begins with a letter", () => {
    expect(nextRow(rows, 0, "w")).toEqual({ kind: "go", index: rows.length - 1 });
    expect(nextRow(rows, 0, "z")).toBeUndefined();
  });

  it("stars a node with its key", () => {
    expect(nextRow(rows, 3, "*")).toEqual({ kind: "star" });
    expect(nextRow(rows, 0, "*")).toBeUndefined();
  });
});
