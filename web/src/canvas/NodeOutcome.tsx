import type { ReactElement } from "react";
import type { GraphNode } from "../graph/model";
import { viewUrl } from "../protocol/api";
import { useRun } from "../stores/run";
import styles from "./BlockNode.module.css";

const SHOWN_SIZE = 512;

/** What a node has made or is making, below its sockets. */
export function NodeOutcome({ node }: { readonly node: GraphNode }): ReactElement | null {
  const run = useRun((state) => state.nodes[node.id]);
  if (run === undefined || node.isCollapsed) {
    return null;
  }
  const pictures = run.output?.images ?? [];
  const texts = run.output?.text ?? [];
  return (
    <>
      {run.error === null ? null : (
        <p className={styles["error"]} role="alert">
          {run.error.exception_message}
        </p>
      )}
      {run.preview === null ? null : <img className={styles["picture"]} src={run.preview} alt="" />}
      {run.preview === null && pictures.length > 0 ? (
        <div className={styles["pictures"]} data-count={Math.min(pictures.length, 4)}>
          {pictures.slice(0, 4).map((file) => (
            <img
              key={`${file.subfolder}/${file.filename}`}
              className={styles["picture"]}
              src={viewUrl(file, SHOWN_SIZE)}
              alt={file.filename}
              draggable={false}
            />
          ))}
        </div>
      ) : null}
      {texts.map((text, index) => (
        <p key={index} className={styles["shownText"]}>
          {text}
        </p>
      ))}
    </>
  );
}
