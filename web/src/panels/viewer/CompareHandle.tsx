import { ChevronsLeftRight } from "lucide-react";
import type { KeyboardEvent, PointerEvent, ReactElement } from "react";
import { useTexts } from "../../texts/texts";
import styles from "./viewer.module.css";

interface Props {
  /** Where the second picture begins, from 0 to 1. */
  readonly split: number;
  readonly onSplit: (split: number) => void;
  readonly labels: readonly [string, string];
  readonly width: number;
}

const STEP = 0.02;
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
  PageDown: -5 * STEP,
  PageUp: 5 * STEP,
  Home: -1,
  End: 1,
};

/** The line between two pictures that are compared: dragged, or moved with the arrow keys. */
export function CompareHandle({ split, onSplit, labels, width }: Props): ReactElement {
  const t = useTexts();
  const set = (next: number): void => {
    onSplit(Math.min(Math.max(next, 0), 1));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId) && width > 0) {
      const frame = event.currentTarget.parentElement?.getBoundingClientRect();
      set((event.clientX - (frame?.left ?? 0)) / width);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = KEYS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      set(split + step);
    }
  };
  return (
    <>
      <span className={styles["sideLabel"]} data-side="left">
        {labels[0]}
      </span>
      <span className={styles["sideLabel"]} data-side="right">
        {labels[1]}
      </span>
      <div
        className={styles["handle"]}
        style={{ left: `${split * 100}%` }}
        role="slider"
        tabIndex={0}
        aria-label={t("viewer.compareSlider")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(split * 100)}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.focus();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      >
        <span className={styles["knob"]}>
          <ChevronsLeftRight size={15} aria-hidden="true" />
        </span>
      </div>
    </>
  );
}
