import { beforeEach, describe, expect, it, vi } from "vitest";
import { nodeOf, prefixOf, runId, titleOf } from "../../comfyui/node_ids.js";
import { placeNodes, slotOf } from "../../comfyui/place_nodes.js";
import { nodesIn, ourProblems, suppliersIn } from "../../comfyui/problem_list.js";
import { quietRules } from "../../comfyui/quiet_rules.js";
import { apart, freeBelow } from "../../comfyui/settle.js";
import { fittingTemplates, templateGroups, workflowTitle } from "../../comfyui/template_list.js";
import { fitted, moved, zoomed } from "../../comfyui/zoom.js";
import { toyGraph, toyNode } from "./toys";

describe("node ids", () => {
  const inner = toyNode({ id: 3, title: "Inner" });
  const subgraph = toyGraph([inner]);
  inner.graph = subgraph;
  const outer = toyNode({ id: 12, title: "Outer", subgraph });
  const root = toyGraph([outer]);
  outer.graph = root;

  it("are those ComfyUI runs nodes under", () => {
    expect([runId(outer, root), runId(inner, root)]).toEqual(["12", "12:3"]);
    expect(prefixOf(toyGraph([]), root)).toBeUndefined();
  });

  it("lead back to the nodes", () => {
    expect(nodeOf("12:3", root)).toBe(inner);
    expect([titleOf("12", root), titleOf("99", root)]).toEqual(["Outer", "99"]);
    expect(nodeOf("12:4", root)).toBeUndefined();
  });
});

describe("placeNodes", () => {
  const connect = vi.fn<(slot: number, target: ComfyNode, targetSlot: number) => void>();

  beforeEach(() => {
    connect.mockClear();
    let id = 40;
    window.LiteGraph = {
      registered_node_types: {},
      createNode: (type) => {
        id += 1;
        const node = toyNode({ id, type, connect });
        Object.assign(node, {
          configure: (saved: object) => Object.assign(node, saved),
        });
        return type === "Unknown" ? null : node;
      },
    };
  });

  const saved = (id: number, type: string, x: number): object => ({
    id,
    type,
    pos: [x, 50],
    size: [200, 100],
    inputs: [{ name: "pipeline", type: "PIPELINE", link: 7 }],
    outputs: [{ name: "pipeline", type: "PIPELINE", links: [7] }],
    properties: { blockloom: { id: `node ${id}` } },
  });

  it("adds nodes under new ids, moved and wired among themselves", () => {
    const there = toyNode({ id: 1 });
    const graph = toyGraph([there]);
    const workflow = {
      nodes: [saved(1, "A", 0), saved(2, "B", 300), saved(3, "Unknown", 600)],
      links: [
        [7, 1, 0, 2, 0, "PIPELINE"],
        [8, 2, 0, 3, 0, "PIPELINE"],
      ],
    } as unknown as Parameters<typeof placeNodes>[1];
    const placed = placeNodes(graph, workflow, ({ width }) => [1000, width]);
    expect(graph.nodes.map(({ type }) => type)).toEqual(["Block", "A", "B"]);
    expect(placed.nodes.map(({ id, pos }) => [id, pos])).toEqual([
      [41, [1000, 800]],
      [42, [1300, 800]],
    ]);
    expect(placed.unknown).toEqual(["Unknown"]);
    expect(placed.byId.get("node 2")).toBe(placed.nodes[1]);
    expect(connect.mock.calls).toEqual([[0, placed.nodes[1], 0]]);
    expect(placed.nodes[0]?.inputs?.[0]?.link).toBeNull();
  });

  it("finds sockets by name, else by number", () => {
    const slots = [
      { name: "IMAGE", type: "IMAGE" },
      { name: "MASK", type: "MASK" },
    ];
    expect([slotOf(slots, "MASK"), slotOf(slots, "image", 0), slotOf(slots, 1)]).toEqual([1, 0, 1]);
    expect([slotOf(slots, "image"), slotOf(slots, 2), slotOf(undefined, "x")]).toEqual([
      -1, -1, -1,
    ]);
  });
});

describe("apart", () => {
  const box = (x: number, y: number, height = 100): Parameters<typeof apart>[0][number] => ({
    x,
    y,
    width: 100,
    height,
  });

  it("moves down what is covered, and what that would cover", () => {
    expect(apart([box(0, 0), box(0, 50), box(50, 130)], 10)).toEqual([0, 110, 220]);
  });

  it("leaves alone what stands free or beside", () => {
    expect(apart([box(0, 0), box(100, 50), box(0, 110)], 10)).toEqual([0, 50, 110]);
  });
});

it("finds room for something new below what is there", () => {
  const there = { x: 0, y: 0, width: 200, height: 300 };
  const box = { x: 100, y: 100, width: 50, height: 50 };
  expect(freeBelow([there], box)).toBe(360);
  expect(freeBelow([there, { ...there, y: 350 }], box)).toBe(710);
  expect(freeBelow([there], { ...box, x: 300 })).toBe(100);
});

describe("problems", () => {
  const problem = (code: string, node: string | null, is_warning = false): Problem => ({
    code,
    node,
    class_type: null,
    socket: null,
    message: "",
    remedy: "",
    is_warning,
  });

  it("are those of our nodes, what is missing first", () => {
    const all = [
      problem("wrong_type", "1"),
      problem("missing_input", "1", true),
      problem("missing_input", "2"),
      problem("unknown_type", "9"),
      problem("no_output", null),
    ];
    const codes = ourProblems(all, (id) => id !== "9").map(({ code, node }) => `${code} ${node}`);
    expect(codes).toEqual(["missing_input 2", "missing_input 1", "wrong_type 1"]);
  });

  it("name who could supply a value", () => {
    const known = new Set(["TextEncoderStep", "flux.TextEncoderStep"]);
    const remedy = 'Link an output, or add a node (TextEncoderStep, OtherStep), see node "4".';
    expect(suppliersIn(remedy, (type) => known.has(type))).toEqual(["TextEncoderStep"]);
    expect(nodesIn(remedy)).toEqual(["4"]);
  });
});

describe("templates", () => {
  const groups = templateGroups(
    [
      {
        pipeline: "stable-diffusion-xl",
        description: "",
        workflows: [{ name: "default", triggers: [] }],
      },
      {
        pipeline: "flux",
        description: "",
        workflows: [
          { name: "text2image", triggers: ["prompt"] },
          { name: "controlnet_image2image", triggers: ["control_image", "image"] },
        ],
      },
    ],
    (pipeline) => (pipeline === "flux" ? "FLUX" : undefined),
  );
  const found = (text: string): string[] =>
    fittingTemplates(groups, text).flatMap(({ templates }) => templates.map(({ title }) => title));

  it("are called as in Blockloom's own editor", () => {
    expect(groups.map(({ title }) => title)).toEqual(["FLUX", "Stable Diffusion Xl"]);
    expect(workflowTitle("image2video_with_sound")).toBe("Image to video, with sound");
    expect(workflowTitle("brand_new")).toBe("Brand New");
  });

  it("are found by family, task and what they ask for", () => {
    expect(found("flux image")).toEqual(["Text to image", "Image to image, ControlNet"]);
    expect(found("flux contr")).toEqual(["Image to image, ControlNet"]);
    expect(found("stable diff")).toEqual(["Standard"]);
    expect(found("nothing")).toEqual([]);
    expect(found("")).toHaveLength(3);
  });
});

it("has no style rules where every widget is sent, and survives odd names", () => {
  expect(quietRules([], "auto")).toBe("");
  const rules = quietRules([{ node: "4", name: 'a"] {' }], "auto");
  expect(rules).toContain('[data-node-id="4"] [data-widget-name="a\\22 ] {"]');
});

describe("zooming", () => {
  it("fits the whole picture", () => {
    expect(fitted({ width: 64, height: 32 }, { width: 640, height: 640 })).toEqual({
      x: 32,
      y: 16,
      scale: 10,
    });
  });

  it("keeps the point under the pointer, and has limits", () => {
    const view = zoomed({ x: 10, y: 10, scale: 2 }, 2, { x: 8, y: 0 });
    expect(view).toEqual({ x: 12, y: 10, scale: 4 });
    expect(zoomed(view, 1000).scale).toBe(64);
    expect(moved(view, 8, -4)).toEqual({ x: 10, y: 11, scale: 4 });
  });
});
