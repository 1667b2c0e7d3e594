/** The canvas by keyboard: from node to node, into a node and out again, moving, linking. */

import type { Place } from "../graph/edit";
import { move } from "../graph/edit";
import type { GraphDocument } from "../graph/model";
import { REROUTE } from "../graph/model";
import { useCheck } from "../stores/check";
import { currentDocument, edit, undo } from "../stores/document";
import { openDialog, select, useInterface } from "../stores/interface";
import { currentFlow } from "../stores/view";
import type { WireEnd } from "./ends";
import { focusByKey } from "./focus";
import { firstEnd } from "./firstEnd";

const STEP = 10;
const LONG_STEP = 50;
const PAN = 60;

const ARROWS: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Nodes in running order; those that do not run come after them, then notes and groups. */
export function tabOrder(document: GraphDocument, order: readonly string[]): readonly string[] {
  const running = order.filter((id) => id in document.nodes);
  const known = new Set(running);
  const others = Object.values(document.nodes).filter(
    ({ id, type }) => !known.has(id) && type !== REROUTE,
  );
  const byPlace = [...others, ...Object.values(document.notes), ...Object.values(document.groups)];
  return [...running, ...byPlace.map(({ id }) => id)];
}

/** Answer a key; says whether it was one of the canvas's own. */
export function onCanvasKey(event: KeyboardEvent, canvas: HTMLElement): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) {
    return false;
  }
  const node = target.closest<HTMLElement>(".react-flow__node");
  if (target === canvas) {
    return onCanvas(event);
  }
  if (node === null) {
    return false;
  }
  return target === node ? onNode(event, node, canvas) : inNode(event, target, node);
}

function onCanvas(event: KeyboardEvent): boolean {
  if (event.key === "Tab" && !event.shiftKey) {
    return goTo(currentOrder()[0]);
  }
  if (event.key === "Escape") {
    select([]);
    return true;
  }
  const arrow = ARROWS[event.key];
  if (arrow === undefined) {
    return false;
  }
  if (useInterface.getState().selection.size > 0) {
    nudge(arrow, event.shiftKey);
  } else {
    pan(arrow);
  }
  return true;
}

function onNode(event: KeyboardEvent, node: HTMLElement, canvas: HTMLElement): boolean {
  const id = node.dataset["id"] ?? "";
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) {
    if (!useInterface.getState().selection.has(id)) {
      select([id]);
    }
    nudge(arrow, event.shiftKey);
    return true;
  }
  switch (event.key) {
    case "Tab":
      return step(id, event.shiftKey, canvas);
    case "Enter": {
      const [first] = stopsIn(node);
      first?.focus();
      return first !== undefined;
    }
    case "Escape":
      canvas.focus();
      select([]);
      return true;
    case "l":
    case "L":
      return link(firstEnd(id));
    default:
      return false;
  }
}

function inNode(event: KeyboardEvent, target: HTMLElement, node: HTMLElement): boolean {
  const id = node.dataset["id"] ?? "";
  if (event.key === "Escape") {
    node.focus({ preventScroll: true });
    return true;
  }
  if (event.key === "Tab") {
    const stops = stopsIn(node);
    const at = stops.indexOf(target);
    if (event.shiftKey && at === 0) {
      node.focus({ preventScroll: true });
      return true;
    }
    return !event.shiftKey && at === stops.length - 1 ? step(id, false, undefined) : false;
  }
  const socket = target.dataset["handleid"];
  if ((event.key === "l" || event.key === "L") && socket !== undefined) {
    const side = target.dataset["handlepos"] === "left" ? "in" : "out";
    return link({ node: id, side, socket });
  }
  return false;
}

function currentOrder(): readonly string[] {
  return tabOrder(currentDocument(), useCheck.getState().answer?.order ?? []);
}

/** Go to the next node; from the last one on, and back from the first one to the canvas. */
function step(id: string, isBack: boolean, canvas: HTMLElement | undefined): boolean {
  const order = currentOrder();
  const next = order[order.indexOf(id) + (isBack ? -1 : 1)];
  if (next !== undefined && (!isBack || order.indexOf(id) > 0)) {
    return goTo(next);
  }
  if (isBack) {
    canvas?.focus();
    return true;
  }
  // From here the browser goes on to what comes after the canvas.
  document.querySelector<HTMLElement>("[data-canvas-end]")?.focus();
  return false;
}

function goTo(id: string | undefined): boolean {
  if (id === undefined) {
    return false;
  }
  focusByKey(id);
  return true;
}

function link(end: WireEnd | undefined): boolean {
  if (end === undefined) {
    return false;
  }
  openDialog("link", end);
  return true;
}

/** What the keyboard can stop at inside a node. */
function stopsIn(node: HTMLElement): readonly HTMLElement[] {
  const found = node.querySelectorAll<HTMLElement>("button, input, textarea, select, [tabindex]");
  return [...found].filter(
    (element) =>
      element.tabIndex >= 0 &&
      !element.hasAttribute("disabled") &&
      element.getClientRects().length > 0,
  );
}

function pan({ x, y }: Place): void {
  const flow = currentFlow();
  const view = flow?.getViewport();
  if (flow !== undefined && view !== undefined) {
    void flow.setViewport({ x: view.x - x * PAN, y: view.y - y * PAN, zoom: view.zoom });
  }
}

/** Steps that follow each other soon are one change: undo takes them back together. */
let nudged: { result: GraphDocument; shift: Place; at: number } | undefined;
const TOGETHER = 900;

/** Move what is selected by a step, or by a longer one. */
function nudge({ x, y }: Place, isLong: boolean): void {
  const size = isLong ? LONG_STEP : STEP;
  const goesOn = nudged?.result === currentDocument() && performance.now() - nudged.at < TOGETHER;
  const before = goesOn && nudged !== undefined ? nudged.shift : { x: 0, y: 0 };
  const shift = { x: before.x + x * size, y: before.y + y * size };
  if (goesOn) {
    undo();
  }
  const { selection } = useInterface.getState();
  edit("edit.move", (document) => shifted(document, selection, shift));
  nudged = { result: currentDocument(), shift, at: performance.now() };
}

function shifted(document: GraphDocument, ids: ReadonlySet<string>, shift: Place): GraphDocument {
  const places: Record<string, Place> = {};
  for (const id of ids) {
    const item = document.nodes[id] ?? document.notes[id] ?? document.groups[id];
    if (item !== undefined) {
      places[id] = { x: item.x + shift.x, y: item.y + shift.y };
    }
  }
  return move(document, places);
}
