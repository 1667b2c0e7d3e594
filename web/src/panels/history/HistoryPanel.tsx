import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import { compareJobs } from "../../actions/history";
import { loadMoreHistory, refreshJobs, searchHistory, useJobs } from "../../stores/jobs";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./history.module.css";
import { HistoryCard } from "./HistoryCard";

const TYPING = 250;

/** Everything that ran, as a gallery. */
export function HistoryPanel(): ReactElement {
  const t = useTexts();
  const ended = useJobs((state) => state.ended);
  const total = useJobs((state) => state.endedTotal);
  const search = useJobs((state) => state.search);
  const [compared, setCompared] = useState<string | null>(null);
  useEffect(refreshJobs, []);
  const pick = (id: string): void => {
    if (compared === null) {
      setCompared(id);
    } else {
      setCompared(null);
      if (compared !== id) {
        compareJobs(compared, id);
      }
    }
  };
  return (
    <div className={styles["panel"]}>
      <HistorySearch />
      {compared === null ? null : <p className={styles["hint"]}>{t("history.comparePick")}</p>}
      {ended.length === 0 ? (
        <p className={styles["hint"]}>{search === "" ? t("history.empty") : t("history.none")}</p>
      ) : null}
      <ul className={styles["gallery"]}>
        {ended.map((job) => (
          <HistoryCard key={job.id} job={job} isCompared={job.id === compared} onCompare={pick} />
        ))}
      </ul>
      {ended.length < total ? (
        <button type="button" className={controls["button"]} onClick={() => void loadMoreHistory()}>
          {t("history.more")}
        </button>
      ) : null}
    </div>
  );
}

function HistorySearch(): ReactElement {
  const t = useTexts();
  const [draft, setDraft] = useState(() => useJobs.getState().search);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (draft !== useJobs.getState().search) {
        searchHistory(draft);
      }
    }, TYPING);
    return () => {
      clearTimeout(timer);
    };
  }, [draft]);
  return (
    <input
      type="search"
      className={controls["field"]}
      value={draft}
      placeholder={t("history.search")}
      aria-label={t("history.search")}
      onChange={(event) => {
        setDraft(event.target.value);
      }}
    />
  );
}
