import { describe, expect, it } from "vitest";
import { speedAt } from "../../src/canvas/autoPan";
import { branchesOf } from "../../src/canvas/branches";
import { FlowBuilder, handlesOf, isWireId, wireId, wireOfId } from "../../src/canvas/flow";
import { tabOrder } from "../../src/canvas/keyboard";
import { markOf } from "../../src/canvas/marks";
import { fitInto, fromMap, onMap, standouts } from "../../src/canvas/minimap";
import { pinched } from "../../src/canvas/pinch";
import { boxBetween } from "../../src/canvas/press";
import { isInView, savedView, viewOf, viewOfStart, withView } from "../../src/canvas/viewport";
import { crossing, wirePath, wirePoint } from "../../src/canvas/wirePath";
import { changeNode, move } from "../../src/graph/edit";
import { shapeIn } from "../../src/graph/frames";
import type { GraphDocument } from "../../src/graph/model";
import type { NodeRun, NodeStatus } from "../../src/stores/run";
import { text } from "../../src/texts/texts";
import { CATALOGUE, chain } from "../graph/toys";

const NOTHING: ReadonlySet<string> = new Set();

describe("FlowBuilder", () => {
  it("keeps what did not change as the same object", () => {
    const builder = new FlowBuilder();
    const before = builder.buildNodes(chain(), CATALOGUE, NOTHING);
    const document = chain();
    const first = builder.buildNodes(document, CATALOGUE, NOTHING);
    const moved = move(document, { save: { x: 1600, y: 0 } });
    const second = builder.buildNodes(moved, CATALOGUE, NOTHING);
    expect(second.map((node, index) => node === first[index])).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(before).toHaveLength(5);
  });

  it("draws groups behind everything, a group inside another above it", () => {
    const frame = { title: "", colour: "grey", x: 0, y: 0 };
    const document: GraphDocument = {
      ...chain(),
      groups: {
        inner: { id: "inner", ...frame, width: 100, height: 100 },
        outer: { id: "outer", ...frame, width: 300, height: 300 },
      },
    };
    const ids = new FlowBuilder().buildNodes(document, CATALOGUE, NOTHING).map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(["outer", "inner"]);
  });

  it("marks wires that are selected", () => {
    const wire = { from: "load", output: "pipeline", to: "text", input: "pipeline" };
    const edges = new FlowBuilder().buildEdges(chain(), CATALOGUE, new Set([wireId(wire)]));
    expect(edges.filter(({ selected }) => selected).map(({ target }) => target)).toEqual(["text"]);
    expect([isWireId(wireId(wire)), isWireId("text"), wireOfId(wireId(wire))]).toEqual([
      true,
      false,
      wire,
    ]);
  });
});

describe("handlesOf", () => {
  it("has each shown socket once, and of a collapsed node those with wires", () => {
    const document = chain();
    const ids = (found: GraphDocument): string[] => {
      const node = found.nodes["denoise"];
      return node === undefined
        ? []
        : handlesOf(node, shapeIn(found, node, CATALOGUE)).map(({ type, id }) => `${type} ${id}`);
    };
    expect(ids(document)).toEqual([
      "target pipeline",
      "source pipeline",
      "target generator",
      "target steps",
      "source latents",
    ]);
    expect(ids(changeNode(document, "denoise", { isCollapsed: true }))).toEqual([
      "target pipeline",
      "source pipeline",
    ]);
  });
});

describe("views", () => {
  it("shows a frame as a whole in the middle, never larger than it is", () => {
    const size = { width: 1000, height: 600 };
    expect(viewOf({ x: 0, y: 0, width: 1808, height: 100 }, size)).toEqual({
      x: 48,
      y: 275,
      zoom: 0.5,
    });
    expect(viewOf({ x: 0, y: 0, width: 100, height: 100 }, size).zoom).toBe(1);
  });

  it("shows the beginning where the whole could not be read", () => {
    const size = { width: 1000, height: 600 };
    expect(viewOf({ x: 0, y: 0, width: 9000, height: 100 }, size, 0.36)).toEqual({
      x: 24,
      y: 282,
      zoom: 0.36,
    });
  });

  it("shows the beginning of a graph that is too large", () => {
    expect(viewOfStart({ x: -100, y: 200, width: 1e5, height: 1e5 })).toEqual({
      x: 123,
      y: -102,
      zoom: 0.75,
    });
  });

  it("is saved in the file and read from it, but not what is no view", () => {
    const document = withView(chain(), { x: 10.4, y: -3.6, zoom: 0.51239 });
    expect(document.extra["viewport"]).toEqual([10, -4, 0.512]);
    expect(savedView(document)).toEqual({ x: 10, y: -4, zoom: 0.512 });
    expect(savedView({ ...chain(), extra: { viewport: [0, 0, 0] } })).toBeUndefined();
    expect(savedView(chain())).toBeUndefined();
  });

  it("knows what is seen", () => {
    const view = { x: 0, y: 0, zoom: 0.5 };
    const size = { width: 100, height: 100 };
    expect(isInView({ x: 190, y: 0, width: 10, height: 10 }, view, size)).toBe(true);
    expect(isInView({ x: 210, y: 0, width: 10, height: 10 }, view, size)).toBe(false);
  });
});

describe("wires", () => {
  const [from, to] = [
    { x: 0, y: 0 },
    { x: 200, y: 100 },
  ];

  it("begin and end where they are said to", () => {
    expect(wirePath(from, to)).toBe("M0,0 C100,0 100,100 200,100");
    expect([wirePoint(from, to, 0), wirePoint(from, to, 0.5), wirePoint(from, to, 1)]).toEqual([
      from,
      { x: 100, y: 50 },
      to,
    ]);
  });

  it("cross a frame that lies on them", () => {
    const frame = { x: 80, y: 20, width: 60, height: 60 };
    expect(crossing(from, to, frame, { x: 100, y: 50 })).toBe(0);
    expect(crossing(from, to, { ...frame, y: 300 }, from)).toBeUndefined();
  });
});

describe("markOf", () => {
  it("shows what ran until it would run again", () => {
    expect(markOf("done", false, false)).toBe("done");
    expect(markOf("done", true, false)).toBe("fresh");
    expect(markOf("running", true, false)).toBe("running");
    expect(markOf(undefined, false, true)).toBe("kept");
    expect(markOf("waiting", true, false)).toBe("none");
  });
});

describe("branchesOf", () => {
  const node = { class_type: "", inputs: {}, undecided: [] };

  it("names the node's own branch", () => {
    expect(branchesOf({ ...node, branches: { "": "inpaint" } }, text)).toEqual({
      chip: "inpaint",
      details: "Takes the branch inpaint",
    });
  });

  it("names the branches inside that say more than where they are", () => {
    const branches = { before_denoise: "img2img", controlnet_input: null, denoise: "denoise" };
    expect(branchesOf({ ...node, branches }, text)).toEqual({
      chip: "img2img",
      details: "before_denoise: img2img\ncontrolnet_input: skipped\ndenoise: denoise",
    });
  });

  it("says what only a run will show", () => {
    expect(branchesOf({ ...node, branches: {}, undecided: [""] }, text).chip).toBe(
      "Branch shown when it runs",
    );
  });
});

describe("the map", () => {
  it("fits everything in, and finds the way back", () => {
    const fit = fitInto([{ x: 0, y: 0, width: 1640, height: 100 }], { width: 180, height: 120 });
    expect(fit.scale).toBeCloseTo(0.1);
    const frame = onMap(fit, { x: 0, y: 0, width: 1640, height: 100 });
    expect([frame.x, frame.y].map(Math.round)).toEqual([8, 55]);
    const back = fromMap(fit, frame);
    expect([back.x, back.y].map(Math.round)).toEqual([0, 0]);
  });

  it("changes with what runs, not with how far it is", () => {
    const node = (status: NodeStatus, done: number): NodeRun => ({ status, done }) as NodeRun;
    const before = standouts({ nodes: { a: node("running", 1), b: node("done", 0) } });
    expect(standouts({ nodes: { a: node("running", 2), b: node("kept", 0) } })).toBe(before);
    expect(standouts({ nodes: { a: node("done", 2) } })).toBe("[]");
  });
});

describe("keys and hands", () => {
  it("goes through nodes in running order, then to what does not run", () => {
    expect(tabOrder(chain(), ["load", "denoise", "gone"])).toEqual([
      "load",
      "denoise",
      "text",
      "decode",
      "save",
    ]);
  });

  it("moves the canvas near its edges only", () => {
    const frame = { left: 0, right: 100, top: 0, bottom: 100 };
    expect(speedAt({ x: 50, y: 50 }, frame)).toEqual({ x: 0, y: 0 });
    expect(speedAt({ x: -10, y: 80 }, frame)).toEqual({ x: 14, y: -7 });
  });

  it("zooms about the middle of two fingers, and moves with it", () => {
    const pinch = { view: { x: 10, y: 20, zoom: 1 }, middle: { x: 110, y: 70 }, distance: 50 };
    expect(pinched(pinch, { x: 110, y: 70 }, 100)).toEqual({ x: -90, y: -30, zoom: 2 });
    expect(pinched(pinch, { x: 130, y: 60 }, 50)).toEqual({ x: 30, y: 10, zoom: 1 });
    expect(pinched(pinch, { x: 110, y: 70 }, 1e6).zoom).toBe(2.5);
  });

  it("draws a box whichever way the finger goes", () => {
    expect(boxBetween({ x: 30, y: 10 }, { x: 10, y: 40 })).toEqual({
      x: 10,
      y: 10,
      width: 20,
      height: 30,
    });
  });
});
