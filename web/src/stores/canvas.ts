/** What the canvas library draws: made from the document, and moved freely while dragging. */

import { create } from "zustand";
import type { FlowEdge, FlowNode } from "../canvas/flow";
import { FlowBuilder, isWireId } from "../canvas/flow";
import type { View } from "../canvas/viewport";
import {
  LEAST_FIRST_ZOOM,
  MOST_SHOWN_AT_ONCE,
  savedView,
  viewOf,
  viewOfStart,
  withView,
} from "../canvas/viewport";
import { frameAround, framesOf } from "../graph/frames";
import type { GraphDocument } from "../graph/model";
import { useCatalogue } from "./catalogue";
import { currentDocument, useDocument } from "./document";
import { select, useInterface } from "./interface";
import { canvasFrame, currentFlow } from "./view";

export interface CanvasState {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

export const useCanvas = create<CanvasState>(() => ({ nodes: [], edges: [] }));

const builder = new FlowBuilder();

function rebuild(): void {
  const { document } = useDocument.getState();
  const { catalogue } = useCatalogue.getState();
  const { selection } = useInterface.getState();
  useCanvas.setState({
    nodes: withMeasured(builder.buildNodes(document, catalogue, selection)),
    edges: builder.buildEdges(document, catalogue, selection),
  });
}

/** How tall nodes are on the canvas, with the block states and pictures they show. */
export function drawnHeights(): ReadonlyMap<string, number> {
  const { nodes } = useCanvas.getState();
  return new Map(nodes.map(({ id, measured }) => [id, measured?.height ?? 0]));
}

/** Draw again what is in the document, as after a drag that came to nothing. */
export function drawAgain(): void {
  rebuild();
}

/** What the library measured stays with a node that changed, so that it does not jump. */
function withMeasured(nodes: FlowNode[]): FlowNode[] {
  const before = new Map(useCanvas.getState().nodes.map((node) => [node.id, node]));
  return nodes.map((node) => {
    const known = before.get(node.id);
    if (known === undefined || known === node) {
      return node;
    }
    const isUntouched =
      known.data === node.data &&
      known.selected === node.selected &&
      known.position.x === node.position.x &&
      known.position.y === node.position.y;
    return isUntouched ? known : measuredAs(node, known);
  });
}

/** Below its sockets a node may show what it made: that part keeps its height. */
function measuredAs(node: FlowNode, known: FlowNode): FlowNode {
  const [height, before] = [node.initialHeight, known.initialHeight];
  if (height === undefined || before === undefined || known.measured?.height === undefined) {
    return node;
  }
  const width = node.initialWidth ?? 0;
  const measured = { width, height: Math.max(known.measured.height - before + height, height) };
  return { ...node, measured } as FlowNode;
}

/** Follow document, catalogue and selection; returns a function that ends it. */
export function keepDrawing(): () => void {
  const stops = [
    useDocument.subscribe((state, before) => {
      if (state.document !== before.document) {
        rebuild();
        forgetGone(state.document);
      }
      if (state.opened !== before.opened) {
        showOpened(state.opened, before.opened);
      }
    }),
    useCatalogue.subscribe((state, before) => {
      if (state.catalogue !== before.catalogue) {
        rebuild();
      }
    }),
    useInterface.subscribe((state, before) => {
      if (state.selection !== before.selection) {
        rebuild();
      }
    }),
  ];
  rebuild();
  return () => {
    for (const stop of stops) {
      stop();
    }
  };
}

/** What is gone is selected no more: it is counted by nobody, and comes back unselected. */
function forgetGone(document: GraphDocument): void {
  const { selection } = useInterface.getState();
  if (selection.size === 0) {
    return;
  }
  const drawn = new Set(useCanvas.getState().edges.map(({ id }) => id));
  const isThere = (id: string): boolean =>
    isWireId(id)
      ? drawn.has(id)
      : id in document.nodes || id in document.notes || id in document.groups;
  const kept = [...selection].filter(isThere);
  if (kept.length < selection.size) {
    select(kept);
  }
}

/** Where graphs were left that others were opened over: undo and redo lead back there. */
const leftAt = new Map<number, View>();

function showOpened(opened: number, before: number): void {
  const view = currentView();
  if (view !== undefined) {
    leftAt.set(before, view);
  }
  const known = leftAt.get(opened);
  if (known === undefined) {
    showWhole();
  } else {
    void currentFlow()?.setViewport(known);
  }
}

/** Show a graph that was just opened: where it was left, else all of it, else its beginning. */
export function showWhole(): void {
  const view = firstView(currentDocument());
  if (view !== undefined) {
    void currentFlow()?.setViewport(view);
  }
}

/** The view that a graph is opened with; undefined where there is nothing to see. */
export function firstView(document: GraphDocument): View | undefined {
  const saved = savedView(document);
  if (saved !== undefined) {
    return saved;
  }
  const ids = [document.groups, document.notes, document.nodes].flatMap(Object.keys);
  const { catalogue } = useCatalogue.getState();
  const frame = frameAround(framesOf(document, ids, catalogue).values());
  if (frame === undefined) {
    return undefined;
  }
  return ids.length > MOST_SHOWN_AT_ONCE
    ? viewOfStart(frame)
    : viewOf(frame, canvasFrame(), LEAST_FIRST_ZOOM);
}

/** The part of the graph that is shown now; undefined before the canvas is drawn. */
export function currentView(): View | undefined {
  return currentFlow()?.getViewport();
}

/** The document as it is saved: with the view, which undo never changes. */
export function documentToSave(): GraphDocument {
  const view = currentView();
  return view === undefined ? currentDocument() : withView(currentDocument(), view);
}
