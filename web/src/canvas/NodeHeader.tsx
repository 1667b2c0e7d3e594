import { Handle, Position } from "@xyflow/react";
import type { ReactElement } from "react";
import type { NodeType } from "../catalogue/types";
import type { NodeShape } from "../graph/geometry";
import { HEADER_HEIGHT } from "../graph/geometry";
import type { GraphNode } from "../graph/model";
import { MAIN_WIRE } from "../graph/model";
import styles from "./BlockNode.module.css";
import { inputNames, outputNames } from "./flow";
import { NodeStatus } from "./NodeStatus";
import { RoleIcon } from "./RoleIcon";

interface Props {
  readonly node: GraphNode;
  readonly type: NodeType | undefined;
  readonly shape: NodeShape;
}

/** Title and state of a node; the main wire runs through it. */
export function NodeHeader({ node, type, shape }: Props): ReactElement {
  return (
    <header className={`${styles["header"]} drag-handle`} style={{ height: HEADER_HEIGHT }}>
      {shape.hasMainInput ? <MainSocket side="in" /> : null}
      <RoleIcon type={type} />
      <h2 className={styles["title"]} title={type?.description}>
        {node.title !== "" ? node.title : (type?.title ?? node.type)}
      </h2>
      <NodeStatus id={node.id} />
      {shape.hasMainOutput ? <MainSocket side="out" /> : null}
      {node.isCollapsed ? <HiddenSockets node={node} shape={shape} /> : null}
    </header>
  );
}

function MainSocket({ side }: { readonly side: "in" | "out" }): ReactElement {
  return (
    <Handle
      id={MAIN_WIRE}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Position.Left : Position.Right}
      className={styles["mainSocket"] ?? ""}
    />
  );
}

/** The sockets of a collapsed node that have wires: all in the same place. */
function HiddenSockets({ node, shape }: { node: GraphNode; shape: NodeShape }): ReactElement {
  return (
    <>
      {inputNames(node, shape).map((name) => (
        <Handle
          key={name}
          id={name}
          type="target"
          position={Position.Left}
          className={styles["hiddenSocket"] ?? ""}
        />
      ))}
      {outputNames(shape).map((name) => (
        <Handle
          key={name}
          id={name}
          type="source"
          position={Position.Right}
          className={styles["hiddenSocket"] ?? ""}
        />
      ))}
    </>
  );
}
