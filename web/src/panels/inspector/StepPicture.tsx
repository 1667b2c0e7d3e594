import type { ReactElement } from "react";
import { useEffect } from "react";
import type { LoopStep } from "../../protocol/blockStates";
import { thumbnailUrl } from "../../protocol/blockStates";
import { openViewer } from "../../stores/viewer";
import { useRun } from "../../stores/run";
import { useTexts } from "../../texts/texts";
import styles from "./steps.module.css";

interface Props {
  readonly node: string;
  readonly job: string;
  /** The step, from 1; 0 before the first. */
  readonly at: number;
  readonly step: LoopStep | undefined;
  /** The value that is drawn. */
  readonly name: string;
  /** While the loop runs and nobody holds a step: what the server sends by itself is shown. */
  readonly isFollowing: boolean;
  /** How many steps there are once the loop has ended; 0 before. */
  readonly ended: number;
}

const SIZE = 512;

/** What one step has made. */
export function StepPicture(props: Props): ReactElement {
  const { node, job, at, step, name, isFollowing, ended } = props;
  const t = useTexts();
  const preview = useRun((state) => state.nodes[node]?.preview ?? null);
  const place = { job, node, name, step: at - 1 };
  const summary = step?.values[name];
  const url = at === 0 || name === "" ? null : thumbnailUrl(place, SIZE);
  const shown = isFollowing && preview !== null ? preview : url;
  usePreloaded(job, node, name, ended);
  const label = t("steps.pictureOf", { name: nameOf(name, t("steps.predicted")), step: at });
  return (
    <button
      type="button"
      className={styles["picture"]}
      disabled={summary === undefined}
      aria-label={label}
      onClick={() => {
        if (summary !== undefined) {
          openViewer(place, summary);
        }
      }}
    >
      {shown === null ? (
        <span className={styles["waiting"]}>{t("steps.waiting")}</span>
      ) : (
        <img src={shown} alt={label} draggable={false} />
      )}
    </button>
  );
}

/** How the values of a step are called: the predicted picture has no name in diffusers. */
export function nameOf(name: string, predicted: string): string {
  return name === "predicted" ? predicted : name;
}

const MOST = 60;

/** Bring all steps' pictures here beforehand, so that the slider shows them at once. */
function usePreloaded(job: string, node: string, name: string, count: number): void {
  useEffect(() => {
    const isFew = name !== "" && count <= MOST;
    const pictures = Array.from({ length: isFew ? count : 0 }, (_, step) => {
      const picture = new Image();
      picture.src = thumbnailUrl({ job, node, name, step }, SIZE);
      return picture;
    });
    return () => {
      for (const picture of pictures) {
        picture.src = "";
      }
    };
  }, [job, node, name, count]);
}
