/** Nodes as the inspector names and finds them. */

import { useCatalogue } from "../../stores/catalogue";
import { useDocument } from "../../stores/document";
import { select, useInterface } from "../../stores/interface";
import { canvasFrame, currentFlow, motionTime } from "../../stores/view";
import type { GraphDocument } from "../../graph/model";
import { REROUTE } from "../../graph/model";
import type { Catalogue } from "../../catalogue/catalogue";

/** What a node is called on screen; its id where it is not drawn any more. */
export function useNodeTitle(id: string): string {
  const node = useDocument((state) => state.document.nodes[id]);
  const type = useCatalogue((state) => state.catalogue.types.get(node?.type ?? ""));
  return node === undefined ? id : node.title !== "" ? node.title : (type?.title ?? node.type);
}

export function titleOf(id: string, document: GraphDocument, catalogue: Catalogue): string {
  const node = document.nodes[id];
  if (node === undefined) {
    return id;
  }
  return node.title !== "" ? node.title : (catalogue.types.get(node.type)?.title ?? node.type);
}

/** The one node that is selected, else ""; notes, groups and bends do not count. */
export function useSelectedNode(): string {
  const selection = useInterface((state) => state.selection);
  return useDocument(({ document }) => {
    let found = "";
    for (const id of selection) {
      const node = document.nodes[id];
      if (node !== undefined && node.type !== REROUTE) {
        if (found !== "") {
          return "";
        }
        found = id;
      }
    }
    return found;
  });
}

/** Select a node, and bring it into view where it is out of it. */
export function goToNode(id: string): void {
  select([id]);
  const flow = currentFlow();
  const node = flow?.getNode(id);
  if (flow === undefined || node === undefined) {
    return;
  }
  const width = node.measured?.width ?? node.initialWidth ?? 0;
  const height = node.measured?.height ?? node.initialHeight ?? 0;
  const frame = canvasFrame();
  const start = flow.flowToScreenPosition(node.position);
  const end = flow.flowToScreenPosition({
    x: node.position.x + width,
    y: node.position.y + height,
  });
  const isInView =
    start.x >= frame.left && start.y >= frame.top && end.x <= frame.right && end.y <= frame.bottom;
  if (!isInView) {
    void flow.setCenter(node.position.x + width / 2, node.position.y + height / 2, {
      zoom: flow.getZoom(),
      duration: motionTime(),
    });
  }
}
