import { expect, it } from "vitest";
import { move, toggleMode } from "../../src/graph/edit";
import { insertReroute } from "../../src/graph/insert";
import type { GraphDocument } from "../../src/graph/model";
import { withExpansion } from "../../src/graph/replace";
import { CATALOGUE, chain, draw, toyNode, wiresIn } from "./toys";

/** As the server answers when ``denoise`` is replaced by two nodes. */
function answered(): GraphDocument {
  const shifted = move(chain(), { decode: { x: 1480, y: 0 }, save: { x: 1850, y: 0 } });
  const { denoise: _, ...others } = shifted.nodes;
  return {
    ...shifted,
    nodes: {
      ...others,
      ...draw({
        prepare: { type: "Denoise", x: 740, given: { pipeline: ["text", "pipeline"], steps: 4 } },
        loop: { type: "Denoise", x: 1110, given: { pipeline: ["prepare", "pipeline"] } },
        decode: { type: "Decode", x: 1480, given: { pipeline: ["loop", "pipeline"] } },
      }).nodes,
    },
  };
}

it("puts the blocks in the node's place and links what followed", () => {
  const { document, ids } = withExpansion(
    chain(),
    "denoise",
    answered(),
    ["prepare", "loop"],
    CATALOGUE,
  );
  expect(ids).toEqual(["prepare", "loop"]);
  expect(document).toEqual(answered());
  expect(document.nodes["load"]).toEqual(chain().nodes["load"]);
});

it("keeps bends and muted nodes, relinks them, and moves them along", () => {
  const wire = { from: "denoise", output: "pipeline", to: "decode", input: "pipeline" };
  const bent = insertReroute(chain(), wire, { x: 1000, y: 18 }).document;
  const extra = toyNode("extra", {
    type: "Decode",
    x: 1200,
    y: 400,
    mode: "muted",
    given: { pipeline: ["denoise", "pipeline"] },
  });
  const before = { ...bent, nodes: { ...bent.nodes, extra } };
  const { document } = withExpansion(before, "denoise", answered(), ["prepare", "loop"], CATALOGUE);
  expect(wiresIn(document)).toEqual([
    "decode.images -> save.images",
    "load.pipeline -> text.pipeline",
    "loop.pipeline -> extra.pipeline",
    "loop.pipeline -> reroute.value",
    "prepare.pipeline -> loop.pipeline",
    "reroute.value -> decode.pipeline",
    "text.pipeline -> prepare.pipeline",
  ]);
  expect(document.nodes["extra"]).toMatchObject({ x: 1570, y: 400, mode: "muted" });
  expect(document.nodes["reroute"]).toMatchObject({ x: 1361, y: 9 });
});

it("gives the new nodes the old one's mode", () => {
  const before = toggleMode(chain(), ["denoise"], "bypassed");
  const { document } = withExpansion(before, "denoise", answered(), ["prepare", "loop"], CATALOGUE);
  expect([document.nodes["prepare"]?.mode, document.nodes["loop"]?.mode]).toEqual([
    "bypassed",
    "bypassed",
  ]);
  expect(wiresIn(document)).toContain("loop.pipeline -> decode.pipeline");
});
