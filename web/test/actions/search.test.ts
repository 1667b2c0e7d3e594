import { describe, expect, it } from "vitest";
import { searchNamed } from "../../src/actions/search";

const NAMED = [
  { item: "run", name: "Run", more: "Run run.run" },
  { item: "here", name: "Run to here", more: "Run run.here" },
  { item: "download", name: "Download as JSON", more: "File file.download" },
  { item: "open", name: "Open a file …", more: "File file.open" },
];

const items = (text: string): string[] => searchNamed(NAMED, text).map(({ item }) => item);

describe("searchNamed", () => {
  it("lists all in their order where nothing is typed", () => {
    expect(items(" ")).toEqual(["run", "here", "download", "open"]);
  });

  it("puts what begins with the text first", () => {
    expect(items("run")).toEqual(["run", "here"]);
    expect(items("to run")).toEqual(["here"]);
  });

  it("finds by the group, and forgives a slip", () => {
    expect(items("file")).toEqual(["open", "download"]);
    expect(items("donwload")).toEqual(["download"]);
  });

  it("says which only fit in part", () => {
    expect(searchNamed(NAMED, "load")).toEqual([{ item: "download", isClose: false }]);
    expect(searchNamed(NAMED, "down")).toEqual([{ item: "download", isClose: true }]);
  });
});
