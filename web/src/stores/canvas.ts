/** What the canvas library draws: made from the document, and moved freely while dragging. */

import { create } from "zustand";
import type { FlowEdge, FlowNode } from "../canvas/flow";
import { FlowBuilder } from "../canvas/flow";
import { useCatalogue } from "./catalogue";
import { useDocument } from "./document";
import { useInterface } from "./interface";

export interface CanvasState {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

export const useCanvas = create<CanvasState>(() => ({ nodes: [], edges: [] }));

const builder = new FlowBuilder();

function rebuild(): void {
  const { document } = useDocument.getState();
  const { catalogue } = useCatalogue.getState();
  const nodes = builder.buildNodes(document, catalogue, useInterface.getState().selection);
  useCanvas.setState({
    nodes: withMeasured(nodes),
    edges: builder.buildEdges(document, catalogue),
  });
}

/** What the library measured stays with a node that changed, so that it is not measured again. */
function withMeasured(nodes: FlowNode[]): FlowNode[] {
  const before = new Map(useCanvas.getState().nodes.map((node) => [node.id, node]));
  return nodes.map((node) => {
    const known = before.get(node.id);
    if (known === node || known?.measured === undefined) {
      return node;
    }
    const isUntouched =
      known.data === node.data &&
      known.selected === node.selected &&
      known.position.x === node.position.x &&
      known.position.y === node.position.y;
    return isUntouched ? known : ({ ...node, measured: known.measured } as FlowNode);
  });
}

/** Follow document, catalogue and selection; returns a function that ends it. */
export function keepDrawing(): () => void {
  const stops = [
    useDocument.subscribe((state, before) => {
      if (state.document !== before.document) {
        rebuild();
      }
    }),
    useCatalogue.subscribe(rebuild),
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
