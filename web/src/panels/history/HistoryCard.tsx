import { AudioLines, Ban, CircleAlert, Columns2, RotateCcw, Trash2 } from "lucide-react";
import type { ReactElement } from "react";
import { forget, restoreJob, retry } from "../../actions/history";
import { secondsText } from "../../canvas/NodeStatus";
import { viewUrl } from "../../protocol/api";
import type { JobSummary } from "../../protocol/answers";
import { secondsOf } from "../../stores/jobs";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./history.module.css";
import { clockText } from "./when";

interface Props {
  readonly job: JobSummary;
  readonly isCompared: boolean;
  readonly onCompare: (id: string) => void;
}

const SIZE = 320;

/** One run: its picture opens graph and seed; below it what else can be done. */
export function HistoryCard({ job, isCompared, onCompare }: Props): ReactElement {
  const t = useTexts();
  const when = clockText(job.create_time);
  const seconds = secondsOf(job);
  const button = (label: string, icon: ReactElement, act: () => void): ReactElement => (
    <button
      type="button"
      className={controls["icon"]}
      aria-label={label}
      title={label}
      onClick={act}
    >
      {icon}
    </button>
  );
  return (
    <li className={styles["card"]} data-compared={isCompared} data-job={job.id}>
      <button
        type="button"
        className={styles["picture"]}
        aria-label={`${t("history.restore")}, ${when}`}
        title={t("history.restore")}
        onClick={() => void restoreJob(job.id)}
      >
        <JobPicture job={job} />
      </button>
      <div className={styles["line"]}>
        <span className={styles["when"]}>
          {when}
          {seconds === null ? "" : ` · ${secondsText(seconds)}`}
        </span>
      </div>
      <div className={styles["tools"]}>
        {button(t("history.compare"), <Columns2 size={14} aria-hidden="true" />, () => {
          onCompare(job.id);
        })}
        {button(
          t("history.retry"),
          <RotateCcw size={14} aria-hidden="true" />,
          () => void retry(job.id),
        )}
        {button(
          t("history.forget"),
          <Trash2 size={14} aria-hidden="true" />,
          () => void forget(job.id),
        )}
      </div>
    </li>
  );
}

function JobPicture({ job }: { readonly job: JobSummary }): ReactElement {
  const t = useTexts();
  const shown = job.preview_output;
  if (shown?.mediaType === "images") {
    return <img src={viewUrl(shown, SIZE)} alt="" loading="lazy" draggable={false} />;
  }
  if (shown?.mediaType === "audio") {
    return <AudioLines size={28} aria-hidden="true" />;
  }
  if (job.status === "failed") {
    return (
      <span className={styles["failed"]}>
        <CircleAlert size={18} aria-hidden="true" />
        {job.execution_error?.exception_message ?? t("history.failed")}
      </span>
    );
  }
  return (
    <span className={styles["none"]}>
      {job.status === "cancelled" ? <Ban size={18} aria-hidden="true" /> : null}
      {job.status === "cancelled" ? t("history.cancelled") : t("compare.noPicture")}
    </span>
  );
}
