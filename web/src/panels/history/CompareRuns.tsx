import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import { documentOf, restoreJob } from "../../actions/history";
import { reportError } from "../../actions/run";
import { difference } from "../../graph/compare";
import { fetchJob } from "../../protocol/api";
import type { JobDetails } from "../../protocol/answers";
import { currentCatalogue } from "../../stores/catalogue";
import { closeDialog } from "../../stores/interface";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./compare.module.css";
import { DifferenceList } from "./DifferenceList";
import { PictureSlider } from "./PictureSlider";
import { clockText } from "./when";

interface Props {
  readonly left: string;
  readonly right: string;
}

export function CompareRuns({ left, right }: Props): ReactElement | null {
  const pair = useJobs(left, right);
  if (pair === null) {
    return null;
  }
  const [before, after] = pair;
  const [old, now] = [documentOf(before), documentOf(after)];
  return (
    <div className={styles["runs"]}>
      <PictureSlider left={before.preview_output} right={after.preview_output} />
      <div className={styles["side"]}>
        <RunTitle job={before} which="compare.earlier" />
        <RunTitle job={after} which="compare.later" />
        <DifferenceList
          found={difference(old, now, currentCatalogue())}
          seeds={[before.seed, after.seed]}
        />
      </div>
    </div>
  );
}

function RunTitle({
  job,
  which,
}: {
  readonly job: JobDetails;
  readonly which: "compare.earlier" | "compare.later";
}): ReactElement {
  const t = useTexts();
  return (
    <div className={styles["run"]}>
      <span>
        <strong>{t(which)}</strong> {clockText(job.create_time)}
        {job.seed === null ? "" : ` · ${t("history.seed", { seed: job.seed })}`}
      </span>
      <button
        type="button"
        className={controls["button"]}
        onClick={() => {
          closeDialog();
          void restoreJob(job.id);
        }}
      >
        {t("compare.open")}
      </button>
    </div>
  );
}

/** Both jobs; null while they are fetched. */
function useJobs(left: string, right: string): readonly [JobDetails, JobDetails] | null {
  const [pair, setPair] = useState<readonly [JobDetails, JobDetails] | null>(null);
  useEffect(() => {
    let isGone = false;
    Promise.all([fetchJob(left), fetchJob(right)]).then(
      (found) => {
        if (!isGone) {
          setPair(found);
        }
      },
      (error: unknown) => {
        closeDialog();
        reportError(error);
      },
    );
    return () => {
      isGone = true;
    };
  }, [left, right]);
  return pair;
}
