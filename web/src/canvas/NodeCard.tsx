import type { ReactElement } from "react";
import type { NodeType } from "../catalogue/types";
import type { GraphNode } from "../graph/model";
import styles from "./BlockNode.module.css";
import { RoleIcon } from "./RoleIcon";

/** A node from afar: its title in large letters, its family's colour, nothing else. */
export function NodeCard({
  node,
  type,
}: {
  readonly node: GraphNode;
  readonly type: NodeType | undefined;
}): ReactElement {
  return (
    <div className={styles["card"]}>
      <RoleIcon type={type} size={34} />
      <span>{node.title !== "" ? node.title : (type?.title ?? node.type)}</span>
    </div>
  );
}
