import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SocketType } from "../../src/catalogue/types";
import type { Accepts } from "../../src/graph/rules";
import { mayConnect, mayFlow, reaches, sourceType, targetType } from "../../src/graph/rules";
import { CATALOGUE, chain, draw } from "./toys";

interface Vector {
  readonly source: SocketType;
  readonly target: SocketType;
  readonly is_valid: boolean;
  readonly reason: string;
}

const FILE = join(import.meta.dirname, "../../../tests/vectors/links.json");
const VECTORS = JSON.parse(readFileSync(FILE, "utf8")) as readonly Vector[];

/** What the server tells in its catalogue: which other types a socket takes. */
function acceptsIn(vectors: readonly Vector[]): Accepts {
  const found: Record<string, SocketType[]> = {};
  for (const { source, target, is_valid } of vectors) {
    const isSaid = source !== target && ![source, target].some((t) => /ANY|PIPELINE/.test(t));
    if (is_valid && isSaid) {
      (found[target] ??= []).push(source);
    }
  }
  return found;
}

describe("the server's rules", () => {
  it("are for every pair of types", () => {
    const types = new Set(VECTORS.map(({ source }) => source));
    expect(VECTORS).toHaveLength(types.size ** 2);
  });

  it.each(VECTORS)("$source into $target: $is_valid", ({ source, target, is_valid, reason }) => {
    const found = mayFlow(source, target, acceptsIn(VECTORS));
    expect(found.isValid).toBe(is_valid);
    if (!found.isValid) {
      const kind = reason.startsWith("The main wire")
        ? "wire.isMainWire"
        : reason.endsWith("the main wire.")
          ? "wire.needsMainWire"
          : "wire.doesNotFit";
      expect(found).toEqual({ isValid: false, reason: kind, source, target });
    }
  });
});

describe("a wire", () => {
  const judge = (from: string, output: string, to: string, input: string) => {
    const found = mayConnect(chain(), { from, output, to, input }, CATALOGUE);
    return found.isValid ? "" : found.reason;
  };

  it.each([
    ["text", "prompt_embeds", "denoise", "prompt_embeds", ""],
    ["load", "pipeline", "decode", "pipeline", ""],
    ["denoise", "latents", "save", "images", ""],
    ["text", "prompt_embeds", "denoise", "steps", "wire.doesNotFit"],
    ["denoise", "latents", "decode", "pipeline", "wire.needsMainWire"],
    ["load", "pipeline", "save", "images", "wire.isMainWire"],
    ["decode", "pipeline", "text", "pipeline", "wire.circle"],
    ["text", "pipeline", "text", "pipeline", "wire.itself"],
    ["nobody", "x", "text", "prompt", "wire.unknown"],
    ["load", "nothing", "text", "prompt", "wire.unknown"],
  ])("from %s.%s to %s.%s: %s", (from, output, to, input, reason) => {
    expect(judge(from, output, to, input)).toBe(reason);
  });

  it("may feed a field of a bundle by its name", () => {
    const type = CATALOGUE.types.get("Denoise");
    const inputs = [...(type?.inputs ?? []), { name: "fields", type: "DICT", is_bundle: true }];
    const types = new Map(CATALOGUE.types).set("Denoise", { ...type, inputs } as never);
    const wire = { from: "text", output: "prompt_embeds", to: "denoise", input: "fields.embeds" };
    expect(mayConnect(chain(), wire, { ...CATALOGUE, types }).isValid).toBe(true);
    expect(mayConnect(chain(), wire, CATALOGUE).isValid).toBe(false);
  });
});

describe("bends", () => {
  const bent = draw({
    text: { type: "Encode" },
    one: { type: "Reroute", given: { value: ["text", "prompt_embeds"] } },
    two: { type: "Reroute", given: { value: ["one", "value"] } },
    main: { type: "Reroute", given: { value: ["text", "pipeline"] } },
    loose: { type: "Reroute" },
    into: { type: "Reroute" },
    denoise: { type: "Denoise", given: { pipeline: ["into", "value"] } },
    a: { type: "Reroute", given: { value: ["b", "value"] } },
    b: { type: "Reroute", given: { value: ["a", "value"] } },
  });

  it.each([
    ["two", "TENSOR"],
    ["main", "PIPELINE"],
    ["loose", "ANY"],
    ["a", undefined],
  ])("%s gives %s", (id, type) => {
    expect(sourceType(bent, id, "value", CATALOGUE)).toBe(type);
  });

  it.each([
    ["into", "PIPELINE"],
    ["loose", "ANY"],
    ["main", "PIPELINE"],
    ["one", "ANY"],
  ])("%s takes %s", (id, type) => {
    expect(targetType(bent, id, "value", CATALOGUE)).toBe(type);
  });

  it("end where they go round in circles", () => {
    expect(targetType(bent, "a", "value", CATALOGUE)).toBe("ANY");
  });
});

it("knows what is downstream, also in circles", () => {
  expect(reaches(chain(), "load", "save")).toBe(true);
  expect(reaches(chain(), "save", "load")).toBe(false);
  const circle = draw({
    a: { type: "Denoise", given: { pipeline: ["b", "pipeline"] } },
    b: { type: "Denoise", given: { pipeline: ["a", "pipeline"] } },
  });
  expect(reaches(circle, "c", "a")).toBe(false);
});
