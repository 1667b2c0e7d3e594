import { Pause, Play } from "lucide-react";
import type { ReactElement } from "react";
import { reportError } from "../../actions/run";
import { setPaused } from "../../protocol/api";
import { refreshJobs, useJobs } from "../../stores/jobs";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./queue.module.css";
import { RunningJob } from "./RunningJob";
import { WaitingJob } from "./WaitingJob";
import { Workers } from "./Workers";

/** What runs and what waits, in the order in which it will run. */
export function QueuePanel(): ReactElement {
  const t = useTexts();
  const open = useJobs((state) => state.open);
  const isPaused = useJobs((state) => state.isPaused);
  const running = open.filter(({ status }) => status === "in_progress");
  const waiting = open.filter(({ status }) => status === "pending");
  const toggle = async (): Promise<void> => {
    await setPaused(!isPaused).catch(reportError);
    refreshJobs();
  };
  return (
    <div className={styles["panel"]}>
      <button type="button" className={controls["button"]} onClick={() => void toggle()}>
        {isPaused ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
        {isPaused ? t("queue.resume") : t("queue.pause")}
      </button>
      {isPaused ? <p className={styles["hint"]}>{t("queue.paused")}</p> : null}
      {open.length === 0 ? <p className={styles["hint"]}>{t("queue.empty")}</p> : null}
      {running.map((job) => (
        <RunningJob key={job.id} job={job} />
      ))}
      <ol className={styles["list"]}>
        {waiting.map((job, index) => (
          <WaitingJob
            key={job.id}
            job={job}
            place={index + 1}
            before={waiting[index - 1]?.id}
            afterNext={waiting[index + 2]?.id ?? null}
            isLast={index === waiting.length - 1}
          />
        ))}
      </ol>
      <Workers />
    </div>
  );
}
