import type { ReactElement } from "react";
import { Suspense } from "react";
import { late } from "../app/late";
import type { GraphNode } from "../graph/model";
import { filesOf } from "../media/kinds";
import { viewUrl } from "../protocol/api";
import { useInterface } from "../stores/interface";
import { useRun } from "../stores/run";
import { openFiles } from "../stores/viewer";
import { useTexts } from "../texts/texts";
import { NodeError } from "./NodeError";
import styles from "./NodeOutcome.module.css";

const MOST = 4;
const FilePlayers = late(async () => (await import("../media/FilePlayers")).FilePlayers);

/** What a node is making or has put out, below its sockets. */
export function NodeOutcome({ node }: { readonly node: GraphNode }): ReactElement | null {
  const t = useTexts();
  const run = useRun((state) => state.nodes[node.id]);
  const size = useInterface((state) => state.previewSize);
  if (run === undefined || node.isCollapsed) {
    return null;
  }
  if (run.status === "running" && run.preview !== null) {
    return (
      <div className={styles["pictures"]}>
        <img className={styles["preview"]} src={run.preview} alt="" draggable={false} />
      </div>
    );
  }
  const pictures = filesOf(run.output?.images, "picture");
  const films = filesOf(run.output?.images, "film");
  const sounds = run.output?.audio ?? [];
  const texts = run.output?.text ?? [];
  return (
    <>
      {run.error === null ? null : <NodeError error={run.error} />}
      {pictures.length === 0 ? null : (
        <div className={styles["pictures"]} data-count={Math.min(pictures.length, MOST)}>
          {pictures.slice(0, MOST).map((file, index) => (
            <button
              key={`${file.subfolder}/${file.filename}`}
              type="button"
              className={`${styles["open"]} nodrag`}
              title={t("details.open")}
              onClick={() => {
                openFiles(run.job, node.id, pictures, index);
              }}
            >
              <img
                className={styles["picture"]}
                src={viewUrl(file, size)}
                alt={file.filename}
                draggable={false}
              />
            </button>
          ))}
        </div>
      )}
      {films.length + sounds.length === 0 ? null : (
        <Suspense fallback={null}>
          <FilePlayers films={films} sounds={sounds} />
        </Suspense>
      )}
      {texts.map((text, index) => (
        <p key={index} className={`${styles["text"]} nowheel nodrag`}>
          {text}
        </p>
      ))}
    </>
  );
}
