import { Play, Square } from "lucide-react";
import type { ReactElement } from "react";
import { cancelRun, runGraph } from "../actions/run";
import { useRun } from "../stores/run";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./TopBar.module.css";

export function TopBar(): ReactElement {
  const t = useTexts();
  const isRunning = useRun((state) => state.job?.status === "in_progress");
  return (
    <header className={styles["bar"]}>
      <h1 className={styles["brand"]}>Blockloom</h1>
      <span className={styles["space"]} />
      {isRunning ? (
        <button type="button" className={controls["button"]} onClick={() => void cancelRun()}>
          <Square size={13} aria-hidden="true" />
          {t("run.cancel")}
        </button>
      ) : null}
      <button type="button" className={controls["primary"]} onClick={() => void runGraph()}>
        <Play size={14} aria-hidden="true" />
        {t("run.run")}
      </button>
    </header>
  );
}
