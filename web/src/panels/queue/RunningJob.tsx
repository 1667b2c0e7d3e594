import { X } from "lucide-react";
import type { ReactElement } from "react";
import { reportError } from "../../actions/run";
import { cancelJob } from "../../protocol/api";
import type { JobSummary } from "../../protocol/answers";
import { useCheck } from "../../stores/check";
import { useDocument } from "../../stores/document";
import { refreshJobs } from "../../stores/jobs";
import { useRun } from "../../stores/run";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { runningNode, settledCount } from "./progress";
import styles from "./queue.module.css";

/** How far the running job is: nodes, the node that runs, and its steps. */
export function RunningJob({ job }: { readonly job: JobSummary }): ReactElement {
  const t = useTexts();
  const isShown = useRun((state) => state.job?.id === job.id);
  const at = useRun((state) => (isShown ? runningNode(state.nodes) : undefined));
  const node = useRun((state) => (at === undefined ? undefined : state.nodes[at]));
  const settled = useRun((state) => (isShown ? settledCount(state.nodes, job.id) : 0));
  const total = useCheck((state) => state.answer?.order.length ?? 0);
  const title = useDocument((state) =>
    at === undefined ? "" : (state.document.nodes[at]?.title ?? at),
  );
  const cancel = async (): Promise<void> => {
    await cancelJob(job.id).catch(reportError);
    refreshJobs();
  };
  return (
    <section className={styles["running"]} aria-label={t("queue.running")}>
      <header className={styles["row"]}>
        <strong>{title === "" ? t("queue.running") : title}</strong>
        <button
          type="button"
          className={controls["icon"]}
          aria-label={t("queue.cancelOne")}
          title={t("queue.cancelOne")}
          onClick={() => void cancel()}
        >
          <X size={14} aria-hidden="true" />
        </button>
      </header>
      {node?.preview === null || node === undefined ? null : (
        <img className={styles["preview"]} src={node.preview} alt="" />
      )}
      {node !== undefined && node.total > 0 ? (
        <>
          <progress value={node.done} max={node.total} aria-label={title} />
          <p className={styles["hint"]}>
            {t("queue.steps", { done: node.done, total: node.total })}
          </p>
        </>
      ) : null}
      {isShown && total > 0 ? (
        <>
          <progress
            value={settled}
            max={Math.max(total, settled)}
            aria-label={t("queue.running")}
          />
          <p className={styles["hint"]}>
            {t("queue.nodes", { done: settled, total: Math.max(total, settled) })}
          </p>
        </>
      ) : null}
    </section>
  );
}
