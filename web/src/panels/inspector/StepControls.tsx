import { Pause, Play, SkipBack, SkipForward, StepBack, StepForward } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import type { Loop } from "./loop";
import styles from "./steps.module.css";

interface Props {
  readonly loop: Loop;
  readonly at: number;
  readonly isLive: boolean;
  readonly isHeld: boolean;
  readonly onStep: (step: number) => void;
}

const PACE = 140;

/** A slider over the steps, and buttons to play them. */
export function StepControls({ loop, at, isLive, isHeld, onStep }: Props): ReactElement {
  const t = useTexts();
  const [isPlaying, setIsPlaying] = useState(false);
  const isAtEnd = at >= loop.count;
  useEffect(() => {
    if (!isPlaying) {
      return undefined;
    }
    const timer = setTimeout(() => {
      if (isAtEnd) {
        setIsPlaying(false);
      } else {
        onStep(at + 1);
      }
    }, PACE);
    return () => {
      clearTimeout(timer);
    };
  }, [isPlaying, isAtEnd, at, onStep]);

  const go = (step: number): void => {
    setIsPlaying(false);
    onStep(Math.min(Math.max(step, 1), loop.count));
  };
  const playOrPause = (): void => {
    if (!isPlaying && isAtEnd) {
      onStep(1);
    }
    setIsPlaying(!isPlaying);
  };
  const button = (label: string, Icon: LucideIcon, act: () => void, off = false): ReactElement => (
    <button
      type="button"
      className={controls["icon"]}
      aria-label={label}
      title={label}
      disabled={off || loop.count === 0}
      onClick={act}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  );
  const done = loop.total === 0 ? 0 : (loop.count / loop.total) * 100;
  return (
    <div className={styles["controls"]}>
      <div className={styles["where"]}>
        <span>{t("steps.at", { step: at, total: loop.total })}</span>
        {isLive ? (
          <button
            type="button"
            className={styles["live"]}
            aria-pressed={!isHeld}
            title={t("steps.follow")}
            onClick={() => {
              go(loop.count);
            }}
          >
            {t(isHeld ? "steps.held" : "steps.live")}
          </button>
        ) : null}
      </div>
      <input
        className={styles["slider"]}
        style={{ ["--done" as string]: `${done}%` }}
        type="range"
        aria-label={t("steps.slider")}
        aria-valuetext={t("steps.at", { step: at, total: loop.total })}
        min={1}
        max={Math.max(loop.total, 1)}
        value={Math.max(at, 1)}
        disabled={loop.count === 0}
        onChange={(event) => {
          go(event.target.valueAsNumber);
        }}
      />
      <div className={styles["buttons"]}>
        {button(
          t("steps.first"),
          SkipBack,
          () => {
            go(1);
          },
          at <= 1,
        )}
        {button(
          t("steps.back"),
          StepBack,
          () => {
            go(at - 1);
          },
          at <= 1,
        )}
        {button(t(isPlaying ? "steps.pause" : "steps.play"), isPlaying ? Pause : Play, playOrPause)}
        {button(
          t("steps.on"),
          StepForward,
          () => {
            go(at + 1);
          },
          isAtEnd,
        )}
        {button(
          t("steps.last"),
          SkipForward,
          () => {
            go(loop.count);
          },
          isAtEnd,
        )}
      </div>
    </div>
  );
}
