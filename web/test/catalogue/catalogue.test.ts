import { expect, it } from "vitest";
import { componentNames } from "../../src/catalogue/catalogue";
import type { NodeType } from "../../src/catalogue/types";

function block(id: string, ...names: string[]): [string, NodeType] {
  const components = names.map((name) => ({ name }));
  return [id, { id, title: id, category: [], kind: "leaf", components }];
}

it("names the parts of models that blocks ask for, the most common first", () => {
  const [id, loop] = block("Loop");
  const types = new Map([
    block("Decode", "vae"),
    block("Denoise", "unet"),
    block("Encode", "vae"),
    [id, { ...loop, components: [{ name: "guider", is_made: true }] }] as const,
  ]);
  expect(componentNames({ types })).toEqual(["vae", "unet"]);
});
