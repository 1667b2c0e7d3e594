import { describe, expect, it } from "vitest";
import { connect, toggleMode } from "../../src/graph/edit";
import { randomSeed, seedModeOf, setSeedMode, withFreshSeeds } from "../../src/graph/freshSeeds";
import { CATALOGUE, chain, draw } from "./toys";

const always = (): number => 77;

describe("seeds for each run", () => {
  const wanted = setSeedMode(chain(), "denoise", "new");

  it("are remembered with the node, and forgotten again", () => {
    const node = wanted.nodes["denoise"];
    expect(node && seedModeOf(node)).toBe("new");
    expect(node?.meta).toEqual({ seed_mode: "new" });
    expect(setSeedMode(wanted, "denoise", "keep")).toEqual(chain());
    expect(setSeedMode(wanted, "denoise", "new")).toBe(wanted);
  });

  it("are typed where they are wanted, and nowhere else", () => {
    const fresh = withFreshSeeds(wanted, CATALOGUE, always);
    expect(fresh.nodes["denoise"]?.inputs["generator"]).toEqual({ kind: "typed", value: 77 });
    expect(fresh.nodes["text"]).toBe(wanted.nodes["text"]);
    expect(withFreshSeeds(chain(), CATALOGUE, always)).toEqual(chain());
  });

  it("leave the document as it is where nothing wants one", () => {
    const document = chain();
    expect(withFreshSeeds(document, CATALOGUE, always)).toBe(document);
    const muted = toggleMode(wanted, ["denoise"], "muted");
    expect(withFreshSeeds(muted, CATALOGUE, always)).toBe(muted);
  });

  it("leave links alone", () => {
    const linked = connect(
      { ...wanted, nodes: { ...wanted.nodes, ...draw({ n: { type: "Int" } }).nodes } },
      { from: "n", output: "int", to: "denoise", input: "generator" },
    );
    expect(withFreshSeeds(linked, CATALOGUE, always)).toBe(linked);
  });
});

it("draws seeds within a socket's limits", () => {
  const socket = { name: "seed", type: "SEED", widget: { minimum: 5, maximum: 7 } } as const;
  const found = new Set(Array.from({ length: 200 }, () => randomSeed(socket)));
  expect([...found].toSorted()).toEqual([5, 6, 7]);
  expect(randomSeed()).toBeLessThanOrEqual(2 ** 32 - 1);
});
