import type { NodeProps } from "@xyflow/react";
import { NodeResizer } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { putGroup } from "../graph/edit";
import { edit } from "../stores/document";
import { useTexts } from "../texts/texts";
import styles from "./drawn.module.css";
import type { GroupFlowNode } from "./flow";
import { nodeNameId } from "./flow";
import { NodeTitle } from "./NodeTitle";

/** A titled frame; what lies in it moves with it. */
export const GroupNode = memo(function GroupNode({
  data,
  selected,
}: NodeProps<GroupFlowNode>): ReactElement {
  const t = useTexts();
  const { group } = data;
  return (
    <div
      className={styles["group"]}
      data-group={group.id}
      data-colour={group.colour}
      data-selected={selected}
    >
      <NodeResizer
        isVisible={selected}
        minWidth={160}
        minHeight={80}
        handleClassName={styles["handle"] ?? ""}
        lineClassName={styles["line"] ?? ""}
        onResizeEnd={(_, { x, y, width, height }) => {
          edit("edit.resize", (document) => putGroup(document, { ...group, x, y, width, height }));
        }}
      />
      <span id={nodeNameId(group.id)} className="visually-hidden">
        {t("group.name", { title: group.title })}
      </span>
      <div className={`${styles["groupTitle"]} drag-handle`}>
        <NodeTitle
          id={group.id}
          title={group.title}
          placeholder={t("group.untitled")}
          label={t("group.title")}
        />
      </div>
    </div>
  );
});
