import { afterEach, describe, expect, it } from "vitest";
import { makeCatalogue } from "../../../src/catalogue/catalogue";
import { connect } from "../../../src/graph/edit";
import type { GraphDocument } from "../../../src/graph/model";
import { EMPTY_DOCUMENT, makeNode } from "../../../src/graph/model";
import { drawGraph } from "../../../src/panels/templates/drawing";
import {
  exampleTemplates,
  fitting,
  keyOf,
  pipelineGroups,
} from "../../../src/panels/templates/list";
import { pipelineTitle, plainText, workflowTitle } from "../../../src/panels/templates/names";
import { useInterface } from "../../../src/stores/interface";
import { speak, text } from "../../../src/texts/texts";

const CATALOGUE = makeCatalogue({
  version: "",
  diffusers: "",
  node_types: [
    {
      id: "Load",
      title: "Load",
      category: ["model"],
      kind: "function",
      outputs: [{ name: "pipeline", type: "PIPELINE" }],
    },
    {
      id: "FluxDecode",
      title: "Decode",
      category: ["Flux", "Decode"],
      kind: "leaf",
      family: "flux",
      inputs: [{ name: "pipeline", type: "PIPELINE" }],
      outputs: [{ name: "images", type: "IMAGE" }],
    },
  ],
  pipelines: [
    {
      pipeline: "flux10",
      class: "",
      blocks: "",
      description: "Later.",
      workflows: [{ name: "default", triggers: [] }],
    },
    {
      pipeline: "flux",
      class: "",
      blocks: "",
      description: "Makes `images`.\n - for one thing\n - for another",
      workflows: [
        { name: "text2image", triggers: ["prompt"] },
        { name: "controlnet_inpainting", triggers: ["control_image", "mask_image", "prompt"] },
      ],
    },
  ],
  accepts: {},
  problems: [],
});

afterEach(() => {
  useInterface.setState({ language: "en" });
});

describe("drawGraph", () => {
  const two: GraphDocument = {
    ...EMPTY_DOCUMENT,
    nodes: {
      a: makeNode("a", "Load", 100, 50),
      b: makeNode("b", "FluxDecode", 500, 50),
      lost: makeNode("lost", "Unknown", Number.NaN, Number.NaN),
    },
  };
  const wired = connect(two, { from: "a", output: "pipeline", to: "b", input: "pipeline" });

  it("draws every node that has a place, and the wires between them", () => {
    const { nodes, wires, frame } = drawGraph(wired, CATALOGUE);
    expect(nodes.map(({ id, x, y }) => [id, x, y])).toEqual([
      ["a", 100, 50],
      ["b", 500, 50],
    ]);
    expect(wires.map(({ type, isMain }) => [type, isMain])).toEqual([["PIPELINE", true]]);
    expect(frame.x).toBeLessThan(100);
    expect(frame.x + frame.width).toBeGreaterThan(500 + 280);
  });

  it("draws nothing of an empty graph", () => {
    const { nodes, wires } = drawGraph(EMPTY_DOCUMENT, CATALOGUE);
    expect([nodes, wires]).toEqual([[], []]);
  });
});

describe("names", () => {
  it("calls pipelines what their family is called", () => {
    expect(pipelineTitle("flux", CATALOGUE)).toBe("Flux");
    expect(pipelineTitle("own-pipeline", CATALOGUE)).toBe("Own Pipeline");
  });

  it("puts workflows into words", async () => {
    expect(workflowTitle("text2image", text)).toBe("Text to image");
    expect(workflowTitle("ip_adapter_controlnet_union_inpainting", text)).toBe(
      "Inpainting, IP-Adapter, ControlNet Union",
    );
    expect(workflowTitle("text2video_with_sound", text)).toBe("Text to video, with sound");
    expect(workflowTitle("some_new_thing", text)).toBe("Some new thing");
    await speak("de");
    expect(workflowTitle("text2image", text)).toBe("Text zu Bild");
  });

  it("keeps the sentences of a description", () => {
    expect(plainText("Makes `images`.\n - for one thing")).toBe("Makes images.");
  });
});

describe("lists", () => {
  it("has every workflow of every pipeline, by title", () => {
    const groups = pipelineGroups(CATALOGUE, true, text);
    expect(groups.map(({ title }) => title)).toEqual(["Flux", "Flux10"]);
    expect(groups[0]?.templates.map(({ source }) => keyOf(source))).toEqual([
      "flux/text2image/leaf",
      "flux/controlnet_inpainting/leaf",
    ]);
  });

  it("has the examples in the language of the editor, as far as it knows them", async () => {
    const examples = [
      { name: "inpainting", title: "Inpainting", description: "…" },
      { name: "own", title: "My own", description: "As it says." },
    ];
    await speak("de");
    expect(
      exampleTemplates(examples, text).map(({ title, description }) => [title, description]),
    ).toEqual([
      ["Inpainting", "Ändert nur, was eine Maske markiert, und behält den Rest des Bildes."],
      ["My own", "As it says."],
    ]);
  });

  it("finds by pipeline, task and what is asked for", () => {
    const [flux] = pipelineGroups(CATALOGUE, false, text);
    const found = (typed: string): string[] =>
      fitting(flux?.templates ?? [], typed, flux?.title).map(({ title }) => title);
    expect(found("flux")).toHaveLength(2);
    expect(found("flux inpaint")).toEqual(["Inpainting, ControlNet"]);
    expect(found("mask")).toEqual(["Inpainting, ControlNet"]);
    expect(found("wan")).toEqual([]);
  });
});
