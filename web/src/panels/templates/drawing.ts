/** A graph as a small picture: its nodes as cards in the colours of their families, and its wires. */

import { familyHue } from "../../canvas/colours";
import { wirePath } from "../../canvas/wirePath";
import type { Catalogue } from "../../catalogue/catalogue";
import type { Frame } from "../../graph/frames";
import { frameAround, framesOf, socketOnCanvas } from "../../graph/frames";
import { HEADER_HEIGHT } from "../../graph/geometry";
import type { GraphDocument } from "../../graph/model";
import { wiresOf } from "../../graph/model";
import { sourceType } from "../../graph/rules";

export interface DrawnNode extends Frame {
  readonly id: string;
  readonly hue: number;
  readonly header: number;
}

export interface DrawnWire {
  readonly path: string;
  readonly type: string;
  readonly isMain: boolean;
}

export interface Drawing {
  /** What the picture shows of the canvas. */
  readonly frame: Frame;
  readonly nodes: readonly DrawnNode[];
  readonly wires: readonly DrawnWire[];
}

const MARGIN = 30;
const EMPTY: Drawing = { frame: { x: 0, y: 0, width: 1, height: 1 }, nodes: [], wires: [] };

export function drawGraph(document: GraphDocument, catalogue: Catalogue): Drawing {
  const frames = framesOf(document, Object.keys(document.nodes), catalogue);
  const around = frameAround(frames.values());
  if (around === undefined) {
    return EMPTY;
  }
  return {
    frame: {
      x: around.x - MARGIN,
      y: around.y - MARGIN,
      width: around.width + 2 * MARGIN,
      height: around.height + 2 * MARGIN,
    },
    nodes: [...frames].map(([id, frame]) => ({
      id,
      ...frame,
      hue: familyHue(catalogue.types.get(document.nodes[id]?.type ?? "")),
      header: Math.min(HEADER_HEIGHT, frame.height),
    })),
    wires: drawWires(document, catalogue),
  };
}

function drawWires(document: GraphDocument, catalogue: Catalogue): DrawnWire[] {
  return wiresOf(document).flatMap((wire) => {
    const [from, to] = [document.nodes[wire.from], document.nodes[wire.to]];
    if (from === undefined || to === undefined) {
      return [];
    }
    const type = sourceType(document, wire.from, wire.output, catalogue) ?? "ANY";
    const start = socketOnCanvas(document, from, "out", wire.output, catalogue);
    const end = socketOnCanvas(document, to, "in", wire.input, catalogue);
    return [{ path: wirePath(start, end), type, isMain: type === "PIPELINE" }];
  });
}
