import type { Connection, NodeTypes, OnNodesChange } from "@xyflow/react";
import { applyNodeChanges, Background, BackgroundVariant, MiniMap, ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import type { ReactElement } from "react";
import { useCallback } from "react";
import { connect, disconnect, move, remove } from "../graph/edit";
import type { Wire as DocumentWire } from "../graph/model";
import { mayConnect } from "../graph/rules";
import { currentCatalogue } from "../stores/catalogue";
import { useCanvas } from "../stores/canvas";
import { currentDocument, edit } from "../stores/document";
import { select, useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { BlockNode } from "./BlockNode";
import styles from "./Canvas.module.css";
import type { FlowEdge, FlowNode } from "./flow";
import { wireOfId } from "./flow";
import { GroupNode } from "./GroupNode";
import { NoteNode } from "./NoteNode";
import { RerouteNode } from "./RerouteNode";
import { Wire } from "./Wire";

const NODE_TYPES: NodeTypes = {
  block: BlockNode,
  reroute: RerouteNode,
  note: NoteNode,
  group: GroupNode,
};
const EDGE_TYPES = { wire: Wire };
const GRID: [number, number] = [10, 10];

/** The canvas: draws the document, and turns gestures into edits of it. */
export function Canvas(): ReactElement {
  const t = useTexts();
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const isSnapping = useInterface((state) => state.isSnapping);
  const isMinimapShown = useInterface((state) => state.isMinimapShown);
  const onNodesChange = useNodesChange();
  return (
    <div className={styles["canvas"]} role="application" aria-label={t("canvas.name")}>
      <ReactFlow<FlowNode, FlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onConnect={onConnect}
        onDelete={onDelete}
        isValidConnection={isValid}
        onNodeDragStop={onDragStop}
        onSelectionDragStop={onDragStop}
        onlyRenderVisibleElements
        minZoom={0.08}
        maxZoom={2.5}
        snapToGrid={isSnapping}
        snapGrid={GRID}
        connectionRadius={28}
        deleteKeyCode={null}
        disableKeyboardA11y={false}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.12 }}
        proOptions={{ hideAttribution: false }}
      >
        <Background
          variant={BackgroundVariant.Dots}
          gap={20}
          size={1.4}
          color="var(--canvas-dot)"
        />
        {isMinimapShown ? <MiniMap pannable zoomable className={styles["minimap"] ?? ""} /> : null}
      </ReactFlow>
    </div>
  );
}

/** Selection goes to its store; places stay here until the drag has ended. */
function useNodesChange(): OnNodesChange<FlowNode> {
  return useCallback((changes) => {
    const picked = changes.filter((change) => change.type === "select");
    if (picked.length > 0) {
      const next = new Set(useInterface.getState().selection);
      for (const { id, selected } of picked) {
        if (selected) {
          next.add(id);
        } else {
          next.delete(id);
        }
      }
      select(next);
    }
    const others = changes.filter(
      (change) => change.type === "position" || change.type === "dimensions",
    );
    if (others.length > 0) {
      useCanvas.setState((state) => ({ nodes: applyNodeChanges(others, state.nodes) }));
    }
  }, []);
}

function wireOf(connection: Connection | FlowEdge): DocumentWire | undefined {
  const { source, target, sourceHandle, targetHandle } = connection;
  return sourceHandle === null ||
    sourceHandle === undefined ||
    targetHandle === null ||
    targetHandle === undefined
    ? undefined
    : { from: source, output: sourceHandle, to: target, input: targetHandle };
}

function isValid(connection: Connection | FlowEdge): boolean {
  const wire = wireOf(connection);
  return wire !== undefined && mayConnect(currentDocument(), wire, currentCatalogue()).isValid;
}

function onConnect(connection: Connection): void {
  const wire = wireOf(connection);
  if (wire !== undefined) {
    edit("edit.connect", (document) => connect(document, wire));
  }
}

function onDelete({ nodes, edges }: { nodes: FlowNode[]; edges: FlowEdge[] }): void {
  edit("edit.remove", (document) => {
    const left = edges
      .map(({ id }) => wireOfId(id))
      .reduce((found, { to, input }) => disconnect(found, to, input), document);
    return remove(left, new Set(nodes.map(({ id }) => id)));
  });
}

function onDragStop(): void {
  const places = Object.fromEntries(
    useCanvas.getState().nodes.map(({ id, position }) => [id, position]),
  );
  edit("edit.move", (document) => move(document, places));
}
