import type { ReactElement } from "react";
import { useState } from "react";
import { useTexts } from "../texts/texts";
import styles from "./media.module.css";

interface Props {
  readonly kind: "film" | "sound";
  readonly src: string;
  /** What it is called: for screen readers, and below it where ``hasName``. */
  readonly name: string;
  /** A picture that stands for the film until it is played. */
  readonly poster?: string;
  readonly hasName?: boolean;
  /** It was asked for just now. */
  readonly isAsked?: boolean;
}

/** A film or a sound with the browser's own controls. */
export function Player({ kind, src, name, poster, hasName, isAsked }: Props): ReactElement {
  const t = useTexts();
  const [broken, setBroken] = useState("");
  if (broken === src) {
    return (
      <p className={styles["note"]} role="status">
        {t("media.broken", { name })}
      </p>
    );
  }
  const shared = {
    src,
    controls: true,
    autoPlay: isAsked === true,
    onError: () => {
      setBroken(src);
    },
  };
  return (
    <figure className={`${styles["player"]} nodrag nowheel`}>
      {/* What pipelines make has no captions. */}
      {kind === "film" ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          {...shared}
          className={styles["film"]}
          aria-label={t("media.film", { name })}
          preload="metadata"
          playsInline
          loop
          {...(poster === undefined ? {} : { poster })}
        />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <audio
          {...shared}
          className={styles["sound"]}
          aria-label={t("media.sound", { name })}
          preload="metadata"
        />
      )}
      {hasName === true ? <figcaption className={styles["name"]}>{name}</figcaption> : null}
    </figure>
  );
}
