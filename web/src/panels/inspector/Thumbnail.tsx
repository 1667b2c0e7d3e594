import type { ReactElement } from "react";
import { useState } from "react";
import type { ValuePlace } from "../../protocol/blockStates";
import { thumbnailUrl } from "../../protocol/blockStates";
import styles from "./values.module.css";

interface Props {
  readonly place: ValuePlace;
  /** The side of the picture the server makes, in pixels. */
  readonly size: number;
  readonly label: string;
}

/** A small picture of a value; nothing where there is none to make. */
export function Thumbnail({ place, size, label }: Props): ReactElement | null {
  const url = thumbnailUrl(place, size);
  const [broken, setBroken] = useState("");
  return broken === url ? null : (
    <img
      className={styles["thumbnail"]}
      src={url}
      alt={label}
      draggable={false}
      loading="lazy"
      onError={() => {
        setBroken(url);
      }}
    />
  );
}
