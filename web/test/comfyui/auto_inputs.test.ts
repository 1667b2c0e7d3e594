import { describe, expect, it, vi } from "vitest";
import { restoreTyped, typedMenu, watchWidgets } from "../../comfyui/auto_inputs.js";
import { autoInputs, isTyped, typedOf } from "../../comfyui/typed.js";
import { toyNode, toyType, toyWidget } from "./toys";

vi.mock("../../comfyui/host.js", () => ({
  guarded: (act: () => unknown) => act(),
  noteChange: () => undefined,
  shownGraph: () => ({ nodes: [] }),
}));

const AUTO = { blockloom_auto: true };

function watched(
  widgets: ComfyWidget[],
  inputs: Record<string, Record<string, unknown>> = { steps: AUTO, seed: AUTO },
): ComfyNode {
  const node = toyNode({ widgets, constructor: toyType(inputs) });
  watchWidgets(node);
  return node;
}

describe("a widget whose value may come along the wire", () => {
  it("sends nothing and says so, until somebody types", () => {
    const steps = toyWidget("steps", 50);
    const node = watched([steps]);
    expect(steps.serializeValue?.()).toBeUndefined();
    expect(steps.label).toBe("steps (auto)");
    steps.value = 25;
    steps.callback?.(25);
    expect(steps.serializeValue?.()).toBe(25);
    expect(steps.label).toBe("steps");
    expect(typedOf(node)).toEqual(["steps"]);
  });

  it("is sent with the value it had already, where somebody chose that", () => {
    const steps = toyWidget("steps", 50);
    watched([steps]);
    steps.callback?.(50);
    expect(steps.serializeValue?.()).toBe(50);
  });

  it("keeps what ComfyUI and other packs do with it", () => {
    const callback = vi.fn<(value: unknown) => void>();
    const steps = toyWidget("steps", 50, { callback });
    watched([steps]);
    steps.serializeValue = () => "made by another pack";
    expect(steps.serializeValue()).toBeUndefined();
    steps.callback?.(25);
    expect(callback).toHaveBeenCalledWith(25);
    expect(steps.serializeValue?.()).toBe("made by another pack");
  });

  it("is not typed by giving it another name", () => {
    const steps = toyWidget("steps", 50);
    const node = watched([steps]);
    steps.label = "How many";
    steps.callback?.(50);
    expect(isTyped(node, "steps")).toBe(false);
    expect(steps.label).toBe("How many (auto)");
  });

  it("can be let go from the menu", () => {
    const [steps, seed] = [toyWidget("steps", 50), toyWidget("seed", 1)];
    const node = watched([steps, seed]);
    steps.callback?.(25);
    typedMenu(node)
      .find(({ content }) => content === "Let “steps” come along the wire")
      ?.callback();
    typedMenu(node)
      .find(({ content }) => content === "Send “seed” from here")
      ?.callback();
    expect(typedOf(node)).toEqual(["seed"]);
    expect(steps.serializeValue?.()).toBeUndefined();
    expect(seed.serializeValue?.()).toBe(1);
  });

  it("shows its value where that is what the node uses anyway", () => {
    const steps = toyWidget("steps", 50);
    watched([steps], { steps: { ...AUTO, blockloom_default: true }, seed: AUTO });
    expect(steps.label).toBe("steps");
    expect(steps.serializeValue?.()).toBeUndefined();
  });

  it("is as its file says, although loading has touched the widgets", () => {
    const steps = toyWidget("steps", 50);
    const node = watched([steps]);
    steps.callback?.(50);
    restoreTyped(node, { properties: { blockloom: { id: "text", typed: ["seed"] } } });
    expect(typedOf(node)).toEqual(["seed"]);
    expect(steps.label).toBe("steps (auto)");
    restoreTyped(node, {});
    expect(typedOf(node)).toEqual([]);
  });

  it("shows no number on the classic canvas while it is quiet", () => {
    class Drawn {
      name = "steps";
      type = "number";
      value = 50;
      get _displayValue(): string {
        return String(this.value);
      }
    }
    const steps = new Drawn() as unknown as ComfyWidget & { readonly _displayValue: string };
    watched([steps]);
    expect(steps["_displayValue"]).toBe("auto");
    steps.callback?.(50);
    expect(steps["_displayValue"]).toBe("50");
  });
});

describe("a seed", () => {
  function seeded(): { node: ComfyNode; seed: ComfyWidget; control: ComfyWidget } {
    const seed = toyWidget("seed", 7);
    const control = toyWidget("control_after_generate", "randomize", {
      // ComfyUI writes the seed at each run, also the same one.
      afterQueued: () => seed.callback?.(seed.value),
    });
    seed.linkedWidgets = [control];
    return { node: watched([seed, control]), seed, control };
  }

  it("stays as it is, and is not typed by running", () => {
    const { node, control } = seeded();
    expect(control.value).toBe("fixed");
    control.beforeQueued?.();
    control.afterQueued?.();
    expect(typedOf(node)).toEqual([]);
  });

  it("is typed by whoever wants another one each time, before the run", () => {
    const { node, control } = seeded();
    control.value = "increment";
    control.beforeQueued?.();
    expect(typedOf(node)).toEqual(["seed"]);
  });
});

it("knows the inputs of a node type that need not be sent", () => {
  const { nodeData } = toyType({ steps: AUTO, width: { default: 3 } });
  expect([...autoInputs(nodeData).keys()]).toEqual(["steps"]);
  expect(autoInputs(undefined).size).toBe(0);
});
