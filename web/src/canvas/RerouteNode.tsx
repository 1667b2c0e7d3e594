import type { NodeProps } from "@xyflow/react";
import { Handle, Position } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import type { BlockFlowNode } from "./flow";
import styles from "./drawn.module.css";

/** A bend in a wire. */
export const RerouteNode = memo(function RerouteNode({
  selected,
}: NodeProps<BlockFlowNode>): ReactElement {
  return (
    <div className={styles["reroute"]} data-selected={selected}>
      <Handle id="value" type="target" position={Position.Left} className={styles["bend"] ?? ""} />
      <Handle id="value" type="source" position={Position.Right} className={styles["bend"] ?? ""} />
    </div>
  );
});
