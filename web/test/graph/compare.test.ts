import { describe, expect, it } from "vitest";
import { difference, isSame } from "../../src/graph/compare";
import {
  addNode,
  connect,
  disconnect,
  move,
  remove,
  rename,
  toggleMode,
  typeValue,
} from "../../src/graph/edit";
import { insertReroute } from "../../src/graph/insert";
import { CATALOGUE, chain, toyNode } from "./toys";

const compare = (before: ReturnType<typeof chain>, after: ReturnType<typeof chain>) =>
  difference(before, after, CATALOGUE);

describe("two graphs", () => {
  it("are the same however they are drawn", () => {
    const wire = { from: "text", output: "pipeline", to: "denoise", input: "pipeline" };
    const moved = move(chain(), { load: { x: 500, y: 500 } });
    const drawn = rename(insertReroute(moved, wire, { x: 0, y: 0 }).document, "load", "Mine");
    expect(isSame(compare(chain(), drawn))).toBe(true);
  });

  it("differ in values: before, after, given or not", () => {
    const after = typeValue(
      typeValue(typeValue(chain(), "denoise", "steps", 8), "text", "prompt", undefined),
      "load",
      "model",
      { a: [1] },
    );
    expect(compare(chain(), after)).toEqual({
      added: [],
      removed: [],
      changed: [
        {
          id: "load",
          before: chain().nodes["load"],
          after: after.nodes["load"],
          isOtherType: false,
          values: [
            { name: "model", before: undefined, after: { kind: "typed", value: { a: [1] } } },
          ],
          links: [],
        },
        {
          id: "text",
          before: chain().nodes["text"],
          after: after.nodes["text"],
          isOtherType: false,
          values: [
            { name: "prompt", before: { kind: "typed", value: "a red circle" }, after: undefined },
          ],
          links: [],
        },
        {
          id: "denoise",
          before: chain().nodes["denoise"],
          after: after.nodes["denoise"],
          isOtherType: false,
          values: [
            {
              name: "steps",
              before: { kind: "typed", value: 4 },
              after: { kind: "typed", value: 8 },
            },
          ],
          links: [],
        },
      ],
    });
  });

  it("differ in links, also where a typed value takes a link's place", () => {
    const other = connect(chain(), {
      from: "load",
      output: "pipeline",
      to: "decode",
      input: "pipeline",
    });
    const [change] = compare(chain(), typeValue(other, "save", "images", 3)).changed;
    expect(change?.id).toBe("decode");
    expect(change?.links).toEqual([
      {
        name: "pipeline",
        before: { kind: "link", node: "denoise", output: "pipeline" },
        after: { kind: "link", node: "load", output: "pipeline" },
      },
    ]);
    const saved = compare(chain(), typeValue(chain(), "save", "images", 3)).changed;
    expect(saved.map(({ links, values }) => [links.length, values.length])).toEqual([[1, 0]]);
    expect(compare(chain(), disconnect(chain(), "save", "images")).changed).toHaveLength(1);
  });

  it("differ in nodes, and muted nodes do not run", () => {
    const more = addNode(remove(chain(), new Set(["load"])), toyNode("n", { type: "Int" }));
    const found = compare(chain(), more);
    expect(found.added.map(({ id }) => id)).toEqual(["n"]);
    expect(found.removed.map(({ id }) => id)).toEqual(["load"]);
    const muted = compare(chain(), toggleMode(chain(), ["save"], "muted"));
    expect(muted.removed.map(({ id }) => id)).toEqual(["save"]);
  });

  it("differ where a node has another type", () => {
    const after = addNode(chain(), toyNode("load", { type: "Text" }));
    expect(compare(chain(), after).changed.map(({ id, isOtherType }) => [id, isOtherType])).toEqual(
      [["load", true]],
    );
  });
});
