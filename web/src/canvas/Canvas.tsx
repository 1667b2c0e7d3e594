import type { EdgeTypes, NodeTypes, OnNodesChange } from "@xyflow/react";
import { applyNodeChanges, ReactFlow, SelectionMode } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import type { ReactElement } from "react";
import { useMemo, useState } from "react";
import { firstView, useCanvas } from "../stores/canvas";
import { currentDocument } from "../stores/document";
import { useGesture } from "../stores/gesture";
import { useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { BlockNode } from "./BlockNode";
import styles from "./Canvas.module.css";
import { CanvasMenu } from "./CanvasMenu";
import { Dots } from "./Dots";
import { onWireClick, onWireDoubleClick } from "./edgeEvents";
import { EmptyHint } from "./EmptyHint";
import type { FlowEdge, FlowNode } from "./flow";
import { GroupNode } from "./GroupNode";
import { LinkHint } from "./LinkHint";
import { Minimap } from "./Minimap";
import { beginDrag, endDrag, whileDragging } from "./nodeDrag";
import { NoteNode } from "./NoteNode";
import { Overlay } from "./Overlay";
import { onPane, useCanvasEvents } from "./paneEvents";
import { RerouteNode } from "./RerouteNode";
import { beginBox, endBox, takeSelection } from "./selection";
import type { View } from "./viewport";
import { LEAST_ZOOM, MOST_ZOOM, savedView } from "./viewport";
import { Wire } from "./Wire";

const NODE_TYPES: NodeTypes = {
  block: BlockNode,
  reroute: RerouteNode,
  note: NoteNode,
  frame: GroupNode,
};
const EDGE_TYPES: EdgeTypes = { wire: Wire };
const UNMOVED: View = { x: 0, y: 0, zoom: 1 };
const GRID: [number, number] = [10, 10];
const ADDING_KEYS = ["Shift", "Control", "Meta"];
const ANY_BUTTON = [0, 1, 2];
const OTHER_BUTTONS = [1, 2];

/** The canvas: draws the document, and turns gestures into edits of it. */
export function Canvas(): ReactElement {
  const isPanning = useGesture((state) => state.isPanning);
  const isLinking = useGesture((state) => state.linking !== null);
  const events = useCanvasEvents();
  const [view, setPlace] = useFirstView();
  return (
    <div
      className={styles["canvas"]}
      data-canvas
      data-linking={isLinking}
      data-panning={isPanning}
      {...events}
    >
      {view === null ? null : <Flow view={view} />}
      <span ref={setPlace} data-canvas-end tabIndex={-1} />
      <EmptyHint />
      <LinkHint />
      <CanvasMenu />
    </div>
  );
}

/** How the canvas begins: known once there is a place for it, so that nothing is drawn twice. */
function useFirstView(): [View | null, (place: HTMLElement | null) => void] {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const view = useMemo(() => {
    const found = place === null ? savedView(currentDocument()) : firstView(currentDocument());
    return found ?? (place === null ? null : UNMOVED);
  }, [place]);
  return [view, setPlace];
}

function Flow({ view }: { readonly view: View }): ReactElement {
  const t = useTexts();
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const isSnapping = useInterface((state) => state.isSnapping);
  const isMinimapShown = useInterface((state) => state.isMinimapShown);
  const dragPans = useInterface((state) => state.dragPans);
  const isPanning = useGesture((state) => state.isPanning);
  const pans = dragPans || isPanning;
  return (
    <ReactFlow<FlowNode, FlowEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      aria-label={t("canvas.name")}
      aria-description={t("canvas.hint")}
      tabIndex={0}
      onNodesChange={takeChanges}
      onNodeDragStart={(event, _, dragged) => {
        beginDrag(event, dragged);
      }}
      onNodeDrag={(_, __, dragged) => {
        whileDragging(dragged);
      }}
      onNodeDragStop={(_, __, dragged) => {
        endDrag(dragged);
      }}
      onEdgeClick={onWireClick}
      onEdgeDoubleClick={onWireDoubleClick}
      onSelectionStart={beginBox}
      onSelectionEnd={endBox}
      {...onPane}
      defaultViewport={view}
      onlyRenderVisibleElements
      nodesConnectable={false}
      edgesFocusable={false}
      edgesReconnectable={false}
      minZoom={LEAST_ZOOM}
      maxZoom={MOST_ZOOM}
      snapToGrid={isSnapping}
      snapGrid={GRID}
      nodeDragThreshold={3}
      panOnDrag={pans ? ANY_BUTTON : OTHER_BUTTONS}
      selectionOnDrag={!pans}
      selectionMode={SelectionMode.Partial}
      selectionKeyCode={dragPans ? "Shift" : null}
      multiSelectionKeyCode={ADDING_KEYS}
      panActivationKeyCode={null}
      deleteKeyCode={null}
      zoomOnDoubleClick={false}
      noWheelClassName={styles["keepsWheel"] ?? "keepsWheel"}
      disableKeyboardA11y
      proOptions={{ hideAttribution: false }}
      attributionPosition="bottom-left"
    >
      <Dots />
      <Overlay />
      {isMinimapShown ? <Minimap /> : null}
    </ReactFlow>
  );
}

/** Selection goes to its store; places stay here until the drag has ended. */
const takeChanges: OnNodesChange<FlowNode> = (changes) => {
  takeSelection(changes);
  const others = changes.filter(
    (change) => change.type === "position" || change.type === "dimensions",
  );
  if (others.length > 0) {
    useCanvas.setState((state) => ({ nodes: applyNodeChanges(others, state.nodes) }));
  }
};
