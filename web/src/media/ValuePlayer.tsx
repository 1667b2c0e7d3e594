import { Play } from "lucide-react";
import type { ReactElement } from "react";
import { useState } from "react";
import type { ValuePlace, ValueSummary } from "../protocol/blockStates";
import { thumbnailUrl } from "../protocol/blockStates";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import { playedAs } from "./kinds";
import styles from "./media.module.css";
import { Player } from "./Player";
import { formOf, useValueMedia } from "./valueMedia";

const POSTER = 512;

interface Props {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
  /** Whether it plays at once, without being asked. */
  readonly isOpen?: boolean;
}

/** A value that can be played: a button, and when it is pressed the player. */
export function ValuePlayer({ place, summary, isOpen }: Props): ReactElement | null {
  const t = useTexts();
  const kind = playedAs(summary);
  const [isAsked, setIsAsked] = useState(isOpen === true);
  const wanted = isAsked && kind !== undefined ? formOf(summary, kind) : undefined;
  const media = useValueMedia(place, wanted);
  if (kind === undefined) {
    return null;
  }
  if (!isAsked) {
    return (
      <div className={styles["value"]}>
        <button
          type="button"
          className={`${controls["button"]} nodrag`}
          onClick={() => {
            setIsAsked(true);
          }}
        >
          <Play size={13} aria-hidden="true" />
          {t(kind === "film" ? "media.playFilm" : "media.playSound")}
        </button>
      </div>
    );
  }
  if (typeof media === "string") {
    return (
      <p className={styles["note"]} role="status">
        {media === "loading" ? t("media.loading") : t("media.broken", { name: place.name })}
      </p>
    );
  }
  const poster = kind === "film" ? { poster: thumbnailUrl(place, POSTER) } : {};
  return <Player kind={kind} src={media.src} name={place.name} isAsked {...poster} />;
}
