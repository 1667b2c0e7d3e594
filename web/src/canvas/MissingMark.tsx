import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ReactElement } from "react";
import { Suspense } from "react";
import { late } from "../app/late";
import type { Problem } from "../protocol/answers";
import styles from "./Missing.module.css";
import { useSocketProblem } from "./sources";

export const ProblemButton = late(async () => (await import("./ProblemButton")).ProblemButton);

/** On an input that is in trouble: says what is wrong, and offers what would help. */
export function MissingMark({
  node,
  socket,
}: {
  readonly node: string;
  readonly socket: string;
}): ReactElement | null {
  const problem = useSocketProblem(node, socket);
  return problem === undefined ? null : (
    <Suspense fallback={null}>
      <ProblemButton problem={problem} node={node} className={styles["mark"] ?? ""}>
        <ProblemIcon problem={problem} />
      </ProblemButton>
    </Suspense>
  );
}

export function ProblemIcon({ problem }: { readonly problem: Problem }): ReactElement {
  const Icon = problem.is_warning ? TriangleAlert : CircleAlert;
  return <Icon size={14} aria-hidden="true" />;
}
