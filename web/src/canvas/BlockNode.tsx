import type { NodeProps } from "@xyflow/react";
import { useStore } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo, Suspense } from "react";
import { late } from "../app/late";
import { useBlockStates } from "../stores/blockStates";
import { useCatalogue } from "../stores/catalogue";
import { useCheck } from "../stores/check";
import { useRun } from "../stores/run";
import styles from "./BlockNode.module.css";
import { familyHue } from "./colours";
import type { BlockFlowNode } from "./flow";
import { useMark } from "./marks";
import { NodeCard } from "./NodeCard";
import { NodeHeader } from "./NodeHeader";
import { NodeName } from "./NodeName";
import { NodeOutcome } from "./NodeOutcome";
import { NodeProblems } from "./NodeProblems";
import { FoldRow, NodeRow } from "./NodeRows";
import { NodeSockets } from "./NodeSockets";
import { CARD_ZOOM } from "./viewport";

const NodeState = late(async () => (await import("../panels/inspector/NodeState")).NodeState);

/** A node as it is drawn; from afar as a plain card. */
export const BlockNode = memo(function BlockNode({
  data,
  selected,
  height,
}: NodeProps<BlockFlowNode>): ReactElement {
  const { node, shape } = data;
  const type = useCatalogue((state) => state.catalogue.types.get(node.type));
  const status = useRun((state) => state.nodes[node.id]?.status ?? "waiting");
  const mark = useMark(node.id);
  const hasRun = useBlockStates((state) => state.runs[node.id] !== undefined);
  const hasProblem = useCheck(
    (state) => state.problemsByNode[node.id]?.some((problem) => !problem.is_warning) === true,
  );
  const isCard = useStore((state) => state.transform[2] < CARD_ZOOM);
  return (
    <section
      className={styles["node"]}
      style={{
        width: shape.width,
        minHeight: isCard ? (height ?? shape.height) : shape.height,
        ["--hue" as string]: familyHue(type),
      }}
      data-node={node.id}
      data-card={isCard}
      data-status={status}
      data-mark={mark}
      data-mode={node.mode}
      data-problem={hasProblem}
      data-selected={selected}
      data-collapsed={node.isCollapsed}
      data-unknown={type === undefined}
    >
      <NodeName node={node} type={type} />
      {isCard ? (
        <NodeCard node={node} type={type} />
      ) : (
        <>
          <NodeHeader node={node} type={type} />
          {shape.rows.map((row) => (
            <NodeRow
              key={`${row.input?.name ?? ""}|${row.output?.name ?? ""}`}
              node={node}
              row={row}
            />
          ))}
          {shape.canFold && !node.isCollapsed ? <FoldRow node={node} shape={shape} /> : null}
          <div style={{ height: shape.height }} className={styles["spacer"]} />
          <NodeProblems id={node.id} shape={shape} />
          <NodeOutcome node={node} />
          {hasRun && !node.isCollapsed ? (
            <Suspense fallback={null}>
              <NodeState node={node} />
            </Suspense>
          ) : null}
        </>
      )}
      <NodeSockets node={node} shape={shape} isCard={isCard} />
    </section>
  );
});
