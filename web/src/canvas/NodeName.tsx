import type { ReactElement } from "react";
import type { NodeType } from "../catalogue/types";
import type { GraphNode } from "../graph/model";
import { useCheck } from "../stores/check";
import { useRun } from "../stores/run";
import { useTexts } from "../texts/texts";
import { nodeNameId } from "./flow";
import { markKey, useMark } from "./marks";

/** The name of a node for screen readers: title, state, what is wrong. */
export function NodeName({
  node,
  type,
}: {
  readonly node: GraphNode;
  readonly type: NodeType | undefined;
}): ReactElement {
  const t = useTexts();
  const mark = useMark(node.id);
  const problems = useCheck((state) => state.problemsByNode[node.id]?.length ?? 0);
  const done = useRun((state) => state.nodes[node.id]?.done ?? 0);
  const total = useRun((state) => state.nodes[node.id]?.total ?? 0);
  const isCounting = mark === "running" && total > 0;
  const words = [
    node.title !== "" ? node.title : (type?.title ?? node.type),
    isCounting ? t("node.step", { done, total }) : t(markKey(mark)),
    ...(node.mode === "active" ? [] : [t(`node.${node.mode}`)]),
    ...(type === undefined ? [t("node.unknown")] : []),
    ...(problems === 0
      ? []
      : [t(problems === 1 ? "node.problem" : "node.problems", { count: problems })]),
  ];
  return (
    <span id={nodeNameId(node.id)} className="visually-hidden">
      {words.join(", ")}
    </span>
  );
}
