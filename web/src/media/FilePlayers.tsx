import type { ReactElement } from "react";
import type { ShownFile } from "../protocol/answers";
import { viewUrl } from "../protocol/api";
import { Player } from "./Player";
import styles from "./media.module.css";

const MOST = 4;
const POSTER = 512;

interface Props {
  readonly films: readonly ShownFile[];
  readonly sounds: readonly ShownFile[];
}

/** The films and sounds a node has put out. */
export function FilePlayers({ films, sounds }: Props): ReactElement {
  return (
    <div className={styles["players"]}>
      {films.slice(0, MOST).map((file) => (
        <Player
          key={viewUrl(file)}
          kind="film"
          src={viewUrl(file)}
          poster={viewUrl(file, POSTER)}
          name={file.filename}
          hasName
        />
      ))}
      {sounds.slice(0, MOST).map((file) => (
        <Player key={viewUrl(file)} kind="sound" src={viewUrl(file)} name={file.filename} hasName />
      ))}
    </div>
  );
}
