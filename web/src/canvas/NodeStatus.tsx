import { Check, CircleAlert, RefreshCw, Snowflake } from "lucide-react";
import type { ReactElement } from "react";
import { useRun } from "../stores/run";
import { useTexts } from "../texts/texts";
import styles from "./BlockNode.module.css";
import type { Mark } from "./marks";
import { markKey, useMark } from "./marks";

/** How far a node is, in its header: what it does now, what it did, and what it would do next. */
export function NodeStatus({ id }: { readonly id: string }): ReactElement {
  const t = useTexts();
  const mark = useMark(id);
  return (
    <span className={styles["status"]} title={t(markKey(mark))} data-mark={mark}>
      {mark === "running" ? <Progress id={id} /> : null}
      {mark === "done" ? <Seconds id={id} /> : null}
      <MarkIcon mark={mark} />
    </span>
  );
}

function MarkIcon({ mark }: { readonly mark: Mark }): ReactElement | null {
  switch (mark) {
    case "done":
      return <Check size={13} aria-hidden="true" className={styles["doneMark"]} />;
    case "kept":
      return <Snowflake size={12} aria-hidden="true" className={styles["keptMark"]} />;
    case "fresh":
      return <RefreshCw size={12} aria-hidden="true" className={styles["freshMark"]} />;
    case "failed":
      return <CircleAlert size={14} aria-hidden="true" className={styles["badMark"]} />;
    default:
      return null;
  }
}

function Progress({ id }: { readonly id: string }): ReactElement {
  const done = useRun((state) => state.nodes[id]?.done ?? 0);
  const total = useRun((state) => state.nodes[id]?.total ?? 0);
  return total > 0 ? (
    <span className={styles["steps"]}>{`${done}/${total}`}</span>
  ) : (
    <span className={styles["spinner"]} />
  );
}

function Seconds({ id }: { readonly id: string }): ReactElement | null {
  const seconds = useRun((state) => state.nodes[id]?.seconds ?? null);
  return seconds === null ? null : (
    <span className={styles["seconds"]}>{secondsText(seconds)}</span>
  );
}

export function secondsText(seconds: number): string {
  return seconds < 0.1
    ? `${Math.round(seconds * 1000)} ms`
    : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}
