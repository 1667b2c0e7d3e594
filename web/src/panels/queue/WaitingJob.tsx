import { ArrowDown, ArrowUp, X } from "lucide-react";
import type { ReactElement } from "react";
import { reportError } from "../../actions/run";
import { cancelJob, moveJob } from "../../protocol/api";
import type { JobSummary } from "../../protocol/answers";
import { refreshJobs } from "../../stores/jobs";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { clockText } from "../history/when";
import styles from "./queue.module.css";

interface Props {
  readonly job: JobSummary;
  readonly place: number;
  /** The job before it; undefined for the first. */
  readonly before: string | undefined;
  /** The job behind the next one; null where there is none. */
  readonly afterNext: string | null;
  readonly isLast: boolean;
}

export function WaitingJob({ job, place, before, afterNext, isLast }: Props): ReactElement {
  const t = useTexts();
  const act = async (doing: Promise<unknown>): Promise<void> => {
    await doing.catch(reportError);
    refreshJobs();
  };
  return (
    <li className={styles["row"]}>
      <span className={styles["place"]} aria-label={t("queue.place", { place })}>
        {place}
      </span>
      <span className={styles["when"]}>{clockText(job.create_time)}</span>
      <button
        type="button"
        className={controls["icon"]}
        aria-label={t("queue.up")}
        title={t("queue.up")}
        disabled={before === undefined}
        onClick={() => void act(moveJob(job.id, before ?? null))}
      >
        <ArrowUp size={14} aria-hidden="true" />
      </button>
      <button
        type="button"
        className={controls["icon"]}
        aria-label={t("queue.down")}
        title={t("queue.down")}
        disabled={isLast}
        onClick={() => void act(moveJob(job.id, afterNext))}
      >
        <ArrowDown size={14} aria-hidden="true" />
      </button>
      <button
        type="button"
        className={controls["icon"]}
        aria-label={t("queue.cancelOne")}
        title={t("queue.cancelOne")}
        onClick={() => void act(cancelJob(job.id))}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </li>
  );
}
