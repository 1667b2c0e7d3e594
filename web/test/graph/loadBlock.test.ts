import { expect, it } from "vitest";
import { listedTypes, makeCatalogue } from "../../src/catalogue/catalogue";
import { typeValue } from "../../src/graph/edit";
import { readFile, writeFile } from "../../src/graph/file";
import { loadedFrom, notLoaded, typeByInputs } from "../../src/graph/loadBlock";
import { currentCatalogue, useCatalogue } from "../../src/stores/catalogue";
import { keepChosenTypes } from "../../src/stores/chosenTypes";
import { openDocument } from "../../src/stores/document";

const BASE = {
  id: "BlockloomLoadBlock",
  title: "Load Block",
  category: ["Own blocks", "From repositories"],
  kind: "leaf",
} as const;
const CATALOGUE = makeCatalogue({
  version: "",
  diffusers: "",
  node_types: [BASE],
  pipelines: [],
  accepts: {},
  problems: [],
});

function file(inputs: Readonly<Record<string, string>>) {
  return { prompt: { own: { class_type: "BlockloomLoadBlock", inputs } } };
}

it.each([
  ["a/b", "", "BlockloomLoadBlock@a/b"],
  ["a/b", "main", "BlockloomLoadBlock@a/b@main"],
  ["C:\\x [1]@'(!*)~", "v:1", "BlockloomLoadBlock@C%3A%5Cx%20%5B1%5D%40%27%28%21%2A%29~@v%3A1"],
])("has the id that the server has: %s %s", (repository, revision, id) => {
  const document = readFile(file({ repository, revision }), CATALOGUE);
  expect(document.nodes["own"]?.type).toBe(id);
  expect(loadedFrom(id)[1]).toEqual(revision === "" ? { repository } : { repository, revision });
  const written = writeFile(document, CATALOGUE).prompt["own"];
  expect(written?.class_type).toBe("BlockloomLoadBlock");
  expect(written?.inputs).toEqual({ repository, revision });
});

it("follows what is typed", () => {
  const empty = readFile(file({}), CATALOGUE);
  expect(empty.nodes["own"]?.type).toBe("BlockloomLoadBlock");
  const named = typeValue(empty, "own", "repository", "mine");
  expect(named.nodes["own"]?.type).toBe("BlockloomLoadBlock@mine");
  expect(typeValue(named, "own", "amount", 3).nodes["own"]?.type).toBe("BlockloomLoadBlock@mine");
  expect(typeValue(named, "own", "repository", "").nodes["own"]?.type).toBe("BlockloomLoadBlock");
  expect(typeByInputs("LoadImage", {})).toBe("LoadImage");
  const place = "BlockloomLoadBlock@mine:inner";
  expect(typeByInputs(place, {})).toBe(place);
  expect(loadedFrom(place)).toEqual([place, {}]);
});

it("draws a block that is not loaded by what can be typed, and does not list it", () => {
  useCatalogue.setState({ catalogue: CATALOGUE });
  openDocument(readFile(file({ repository: "mine" }), CATALOGUE), "", "edit.open");
  const stop = keepChosenTypes();
  const id = "BlockloomLoadBlock@mine";
  expect(currentCatalogue().types.get(id)).toEqual(notLoaded(id, BASE));
  expect(listedTypes(currentCatalogue()).map((type) => type.id)).toEqual([BASE.id]);
  stop();
});
