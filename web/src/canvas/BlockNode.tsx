import type { NodeProps } from "@xyflow/react";
import { useStore } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { NodeState } from "../panels/inspector/NodeState";
import { useCatalogue } from "../stores/catalogue";
import { useCheck } from "../stores/check";
import { useRun } from "../stores/run";
import styles from "./BlockNode.module.css";
import { familyHue } from "./colours";
import type { BlockFlowNode } from "./flow";
import { NodeHeader } from "./NodeHeader";
import { NodeOutcome } from "./NodeOutcome";
import { FoldRow, NodeRow } from "./NodeRows";

/** Below this zoom nothing on a node can be read: it is drawn as a plain card. */
const CARD_ZOOM = 0.35;

export const BlockNode = memo(function BlockNode({
  data,
  selected,
}: NodeProps<BlockFlowNode>): ReactElement {
  const { node, shape } = data;
  const type = useCatalogue((state) => state.catalogue.types.get(node.type));
  const status = useRun((state) => state.nodes[node.id]?.status ?? "waiting");
  const hasProblem = useCheck(
    (state) => state.problemsByNode[node.id]?.some((problem) => !problem.is_warning) === true,
  );
  const isCard = useStore((state) => state.transform[2] < CARD_ZOOM);
  return (
    <section
      className={styles["node"]}
      style={{ width: shape.width, minHeight: shape.height, ["--hue" as string]: familyHue(type) }}
      data-node={node.id}
      data-status={status}
      data-mode={node.mode}
      data-problem={hasProblem}
      data-selected={selected}
      data-unknown={type === undefined}
    >
      <NodeHeader node={node} type={type} shape={shape} />
      {isCard ? null : (
        <>
          {shape.rows.map((row) => (
            <NodeRow
              key={`${row.input?.name ?? ""}|${row.output?.name ?? ""}`}
              node={node}
              row={row}
            />
          ))}
          {shape.canFold && !node.isCollapsed ? <FoldRow node={node} shape={shape} /> : null}
          <div style={{ height: shape.height }} className={styles["spacer"]} />
          <NodeOutcome node={node} />
          <NodeState node={node} />
        </>
      )}
    </section>
  );
});
