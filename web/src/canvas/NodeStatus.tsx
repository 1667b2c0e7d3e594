import { Check, CircleAlert, Snowflake } from "lucide-react";
import type { ReactElement } from "react";
import { useRun } from "../stores/run";
import { useTexts } from "../texts/texts";
import styles from "./BlockNode.module.css";

/** How far a node is, in its header. */
export function NodeStatus({ id }: { readonly id: string }): ReactElement {
  const t = useTexts();
  const run = useRun((state) => state.nodes[id]);
  const status = run?.status ?? "waiting";
  return (
    <span
      className={styles["status"]}
      role="status"
      aria-label={t(`status.${status}`)}
      title={t(`status.${status}`)}
    >
      {status === "running" && run !== undefined && run.total > 0 ? (
        <span className={styles["steps"]}>{`${run.done}/${run.total}`}</span>
      ) : null}
      {status === "running" && (run?.total ?? 0) === 0 ? (
        <span className={styles["spinner"]} />
      ) : null}
      {status === "done" && run?.seconds !== null && run?.seconds !== undefined ? (
        <span className={styles["seconds"]}>{secondsText(run.seconds)}</span>
      ) : null}
      {status === "done" ? (
        <Check size={13} aria-hidden="true" className={styles["doneMark"]} />
      ) : null}
      {status === "kept" ? (
        <Snowflake size={13} aria-hidden="true" className={styles["keptMark"]} />
      ) : null}
      {status === "failed" ? (
        <CircleAlert size={14} aria-hidden="true" className={styles["badMark"]} />
      ) : null}
    </span>
  );
}

export function secondsText(seconds: number): string {
  return seconds < 0.1
    ? `${Math.round(seconds * 1000)} ms`
    : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}
