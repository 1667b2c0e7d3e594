import type { NodeProps } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import type { GroupFlowNode } from "./flow";
import styles from "./drawn.module.css";

/** A titled frame; what lies in it moves with it. */
export const GroupNode = memo(function GroupNode({
  data,
  selected,
}: NodeProps<GroupFlowNode>): ReactElement {
  return (
    <div className={styles["group"]} data-colour={data.group.colour} data-selected={selected}>
      <div className={`${styles["groupTitle"]} drag-handle`}>{data.group.title}</div>
    </div>
  );
});
