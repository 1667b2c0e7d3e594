import type { ReactElement } from "react";
import { Suspense } from "react";
import type { NodeShape } from "../graph/geometry";
import type { Problem } from "../protocol/answers";
import { useCatalogue } from "../stores/catalogue";
import { useCheck } from "../stores/check";
import { useTexts } from "../texts/texts";
import styles from "./Missing.module.css";
import { ProblemButton, ProblemIcon } from "./MissingMark";
import { problemWords } from "./problems";

/** Problems of a node that no line of it shows: of folded inputs, of outputs, of the whole node. */
export function NodeProblems({
  id,
  shape,
}: {
  readonly id: string;
  readonly shape: NodeShape;
}): ReactElement | null {
  useTexts();
  const problems = useCheck((state) => state.problemsByNode[id]);
  const catalogue = useCatalogue((state) => state.catalogue);
  const left = problems?.filter((problem) => !isOnRow(problem, shape)) ?? [];
  return left.length === 0 ? null : (
    <div className={styles["list"]}>
      <Suspense fallback={null}>
        {left.map((problem) => (
          <ProblemButton
            key={`${problem.code} ${problem.socket ?? ""}`}
            problem={problem}
            node={id}
            className={styles["problem"] ?? ""}
          >
            <ProblemIcon problem={problem} />
            <span>{problemWords(problem, catalogue).message}</span>
          </ProblemButton>
        ))}
      </Suspense>
    </div>
  );
}

function isOnRow({ socket, side }: Problem, shape: NodeShape): boolean {
  return side !== "output" && shape.rows.some(({ input }) => input?.name === socket);
}
