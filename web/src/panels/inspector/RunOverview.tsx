import { Snowflake } from "lucide-react";
import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import type { LogLine } from "../../protocol/blockStates";
import { fetchLog } from "../../protocol/blockStates";
import { ServerError } from "../../protocol/http";
import type { ShownJob } from "../../stores/run";
import { useRun } from "../../stores/run";
import { useTexts } from "../../texts/texts";
import styles from "./info.module.css";
import { goToNode, useNodeTitle } from "./nodes";
import type { TimeBar } from "./time";
import { barsOfTime, clockText, longestOf, secondsText } from "./time";
import { useMemory, useTimes } from "./useRunTimes";
import { bytesText } from "./words";

/** With nothing selected: the run as a whole. */
export function RunOverview(): ReactElement {
  const t = useTexts();
  const job = useRun((state) => state.job);
  if (job === null) {
    return <p className={styles["lead"]}>{t("overview.none")}</p>;
  }
  return (
    <div className={styles["body"]}>
      <Times job={job} />
      <Log job={job} />
    </div>
  );
}

const MOST_BARS = 150;

function Times({ job }: { readonly job: ShownJob }): ReactElement {
  const t = useTexts();
  const nodes = useTimes(job.id);
  const memory = useMemory(job, nodes);
  const bars = barsOfTime(longestOf(nodes, MOST_BARS));
  const ran = nodes.filter(({ isKept }) => !isKept);
  const total = ran.reduce((sum, { seconds }) => sum + seconds, 0);
  const facts = [
    t(`overview.${job.status}`),
    t("overview.total", { seconds: secondsText(total) }),
    t("overview.ran", { count: ran.length }),
    t("overview.kept", { count: nodes.length - ran.length }),
    ...(memory > 0 ? [t("overview.memory", { memory: bytesText(memory) })] : []),
  ];
  return (
    <section aria-label={t("overview.title")}>
      <h3 className={styles["heading"]}>{t("overview.title")}</h3>
      <p className={styles["dim"]}>{facts.join(" · ")}</p>
      <ol className={styles["bars"]} aria-label={t("overview.order")}>
        {bars.map((bar) => (
          <Bar key={bar.id} bar={bar} />
        ))}
      </ol>
      {bars.length === nodes.length ? null : (
        <p className={styles["dim"]}>{t("overview.longest", { count: bars.length })}</p>
      )}
    </section>
  );
}

function Bar({ bar }: { readonly bar: TimeBar }): ReactElement {
  const t = useTexts();
  const title = useNodeTitle(bar.id);
  const time = bar.isKept ? t("overview.keptRow") : secondsText(bar.seconds);
  return (
    <li>
      <button
        type="button"
        className={styles["bar"]}
        data-kept={bar.isKept}
        title={t("from.goTo", { node: title })}
        onClick={() => {
          goToNode(bar.id);
        }}
      >
        <span className={styles["barName"]}>{title}</span>
        <span className={styles["track"]} aria-hidden="true">
          {bar.isKept ? null : (
            <span
              style={{ left: `${bar.start * 100}%`, width: `max(${bar.length * 100}%, 2px)` }}
            />
          )}
        </span>
        <span className={styles["barTime"]}>
          {bar.isKept ? <Snowflake size={11} aria-hidden="true" /> : null}
          {time}
        </span>
      </button>
    </li>
  );
}

function Log({ job }: { readonly job: ShownJob }): ReactElement {
  const t = useTexts();
  const lines = useLog(job);
  return (
    <section aria-label={t("overview.log")}>
      <h3 className={styles["heading"]}>{t("overview.log")}</h3>
      {lines.length === 0 ? <p className={styles["dim"]}>{t("overview.noLog")}</p> : null}
      <ol className={styles["log"]}>
        {lines.map((line, index) => (
          <li key={index} data-level={line.level}>
            <time dateTime={line.time}>{clockText(Date.parse(line.time))}</time> {line.text}
          </li>
        ))}
      </ol>
    </section>
  );
}

const PAUSE = 1500;

/** What was printed in a job; asked again and again while it runs. */
function useLog({ id, status }: ShownJob): readonly LogLine[] {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const isRunning = status === "in_progress";
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      const found = await fetchLog(id).catch(noLog);
      if (!isGone) {
        setLines(found.lines);
      }
    };
    void ask();
    const timer = isRunning ? setInterval(() => void ask(), PAUSE) : undefined;
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [id, isRunning]);
  return lines;
}

function noLog(error: unknown): { lines: readonly LogLine[] } {
  if (error instanceof ServerError) {
    return { lines: [] };
  }
  throw error;
}
