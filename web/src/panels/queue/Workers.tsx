import type { ReactElement } from "react";
import { useJobs } from "../../stores/jobs";
import { useTexts } from "../../texts/texts";
import styles from "./queue.module.css";

const GIGABYTE = 1e9;

/** The devices that jobs run on. */
export function Workers(): ReactElement | null {
  const t = useTexts();
  const workers = useJobs((state) => state.workers);
  if (workers.length === 0) {
    return null;
  }
  return (
    <section className={styles["workers"]}>
      <h3>{t("queue.workers")}</h3>
      {workers.map((worker) => (
        <div key={worker.id} className={styles["worker"]}>
          <span>{worker.device_name === "" ? worker.device : worker.device_name}</span>
          <span className={styles["hint"]}>
            {worker.memory_free === null ||
            worker.memory_total === null ||
            worker.memory_total === 0
              ? worker.state
              : t("queue.free", {
                  free: (worker.memory_free / GIGABYTE).toFixed(1),
                  total: (worker.memory_total / GIGABYTE).toFixed(1),
                })}
          </span>
          {worker.error === "" ? null : <p className={styles["bad"]}>{worker.error}</p>}
        </div>
      ))}
    </section>
  );
}
