/** The whole graph in small: how it is fitted in, and how it is painted. */

import type { Place } from "../graph/edit";
import type { Frame } from "../graph/frames";
import { frameAround } from "../graph/frames";
import { currentCatalogue } from "../stores/catalogue";
import type { RunState } from "../stores/run";
import { familyHue } from "./colours";
import type { FlowNode } from "./flow";
import type { Size, View } from "./viewport";

export const MAP: Size = { width: 180, height: 120 };
const MARGIN = 8;

/** How canvas places become places on the map: times ``scale``, then moved. */
export interface Fit {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Fit all of these into the map, in its middle. */
export function fitInto(frames: Iterable<Frame>, map: Size): Fit {
  const around = frameAround(frames) ?? { x: 0, y: 0, width: 1, height: 1 };
  const scale = Math.min(
    (map.width - 2 * MARGIN) / Math.max(around.width, 1),
    (map.height - 2 * MARGIN) / Math.max(around.height, 1),
  );
  return {
    scale,
    x: map.width / 2 - (around.x + around.width / 2) * scale,
    y: map.height / 2 - (around.y + around.height / 2) * scale,
  };
}

/** How a picture painted with one fit is moved and scaled to be as with another. */
export function fitOfPicture(painted: Fit, wanted: Fit): Fit {
  const scale = wanted.scale / painted.scale;
  return { scale, x: wanted.x - painted.x * scale, y: wanted.y - painted.y * scale };
}

export function onMap({ scale, x, y }: Fit, frame: Frame): Frame {
  return {
    x: frame.x * scale + x,
    y: frame.y * scale + y,
    width: frame.width * scale,
    height: frame.height * scale,
  };
}

export function fromMap({ scale, x, y }: Fit, place: Place): Place {
  return { x: (place.x - x) / scale, y: (place.y - y) / scale };
}

/** The part of the canvas that is seen. */
export function seenFrame({ x, y, zoom }: View, { width, height }: Size): Frame {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

export function frameOfFlow({ position, measured, width, height }: FlowNode): Frame {
  return {
    ...position,
    width: measured?.width ?? width ?? 0,
    height: measured?.height ?? height ?? 0,
  };
}

/** The nodes that stand out because of the run, as one text: it changes when the map has to. */
export function standouts({ nodes }: Pick<RunState, "nodes">): string {
  const found = Object.entries(nodes).filter(
    ([, { status }]) => status === "running" || status === "failed",
  );
  return JSON.stringify(found.map(([id, { status }]) => [id, status]));
}

/** Paint every node: by family, by what runs, and by what is selected. */
export function paint(
  canvas: HTMLCanvasElement,
  nodes: readonly FlowNode[],
  fit: Fit,
  marked: string,
): void {
  const pen = canvas.getContext("2d");
  if (pen === null) {
    return;
  }
  const density = window.devicePixelRatio;
  canvas.width = MAP.width * density;
  canvas.height = MAP.height * density;
  pen.scale(density, density);
  const colours = coloursOf(canvas, new Map(JSON.parse(marked) as [string, string][]));
  for (const node of nodes) {
    const { x, y, width, height } = onMap(fit, frameOfFlow(node));
    pen.beginPath();
    pen.roundRect(x, y, Math.max(width, 1.5), Math.max(height, 1.5), 1.5);
    pen.fillStyle = colours.fill(node);
    pen.globalAlpha = node.type === "frame" ? 0.3 : node.type === "note" ? 0.5 : 1;
    pen.fill();
    if (node.selected === true) {
      pen.globalAlpha = 1;
      pen.lineWidth = 1.5;
      pen.strokeStyle = colours.selected;
      pen.stroke();
    }
  }
}

interface Colours {
  readonly fill: (node: FlowNode) => string;
  readonly selected: string;
}

function coloursOf(canvas: HTMLCanvasElement, marks: ReadonlyMap<string, string>): Colours {
  const style = getComputedStyle(canvas);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const tone = `${token("--map-saturation")} ${token("--map-light")}`;
  const [group, note, running, failed] = [
    token("--line-strong"),
    token("--warn"),
    token("--accent-strong"),
    token("--bad"),
  ];
  const { types } = currentCatalogue();
  const fill = (node: FlowNode): string => {
    if (!("node" in node.data)) {
      return node.type === "frame" ? group : note;
    }
    const mark = marks.get(node.id);
    return mark === "running"
      ? running
      : mark === "failed"
        ? failed
        : `hsl(${familyHue(types.get(node.data.node.type))} ${tone})`;
  };
  return { fill, selected: token("--accent") };
}
