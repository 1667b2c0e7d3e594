import type { ReactElement } from "react";
import { problemWords } from "../../canvas/problems";
import type { NodeType } from "../../catalogue/types";
import type { Problem } from "../../protocol/answers";
import { useCatalogue } from "../../stores/catalogue";
import { useCheck } from "../../stores/check";
import { useRun } from "../../stores/run";
import { useTexts } from "../../texts/texts";
import styles from "./info.module.css";

const NONE: readonly never[] = [];

/** What the check, the run and the catalogue have to say of a node. */
export function Problems({
  node,
  type,
}: {
  readonly node: string;
  readonly type: NodeType;
}): ReactElement | null {
  const t = useTexts();
  const problems = useCheck((state) => state.problemsByNode[node]) ?? NONE;
  const warnings = useRun((state) => state.nodes[node]?.warnings) ?? NONE;
  const error = useRun((state) => state.nodes[node]?.error ?? null);
  const notes = [...warnings, ...(type.warnings ?? NONE)];
  if (problems.length === 0 && notes.length === 0 && error === null) {
    return null;
  }
  return (
    <section className={styles["problems"]} aria-label={t("info.problems")}>
      {error === null ? null : (
        <div className={styles["problem"]} data-tone="bad">
          <p>{error.exception_message}</p>
          {error.traceback.length === 0 ? null : (
            <details>
              <summary>{error.exception_type}</summary>
              <pre>{error.traceback.join("")}</pre>
            </details>
          )}
        </div>
      )}
      {problems.map((problem) => (
        <OneProblem key={`${problem.code} ${problem.socket ?? ""}`} problem={problem} />
      ))}
      {notes.map((note) => (
        <div key={note} className={styles["problem"]} data-tone="warn">
          <p>{note}</p>
        </div>
      ))}
    </section>
  );
}

function OneProblem({ problem }: { readonly problem: Problem }): ReactElement {
  useTexts();
  const catalogue = useCatalogue((state) => state.catalogue);
  const { message, remedy } = problemWords(problem, catalogue);
  return (
    <div className={styles["problem"]} data-tone={problem.is_warning ? "warn" : "bad"}>
      <p>{message}</p>
      {remedy === "" ? null : <p className={styles["dim"]}>{remedy}</p>}
    </div>
  );
}
