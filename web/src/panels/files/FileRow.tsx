import { Trash2 } from "lucide-react";
import type { ReactElement } from "react";
import { useState } from "react";
import { openNamed } from "../../actions/open";
import { reportError } from "../../actions/run";
import type { NamedGraph } from "../../protocol/graphs";
import { deleteGraph } from "../../protocol/graphs";
import { useDocument } from "../../stores/document";
import { refreshFiles } from "../../stores/files";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { clockText } from "../history/when";
import styles from "./files.module.css";

/** One graph: a click opens it; deleting asks once more. */
export function FileRow({ graph }: { readonly graph: NamedGraph }): ReactElement {
  const t = useTexts();
  const isOpen = useDocument((state) => state.name === graph.name);
  const [isAsking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await deleteGraph(graph.name).catch(reportError);
    if (useDocument.getState().name === graph.name) {
      useDocument.setState({ saved: null });
    }
    refreshFiles();
  };
  if (isAsking) {
    return (
      <li className={styles["row"]}>
        <span className={styles["question"]}>{t("files.deleteAsk", { name: graph.name })}</span>
        <button type="button" className={controls["button"]} onClick={() => void remove()}>
          {t("files.delete")}
        </button>
        <button
          type="button"
          className={controls["button"]}
          onClick={() => {
            setAsking(false);
          }}
        >
          {t("files.keep")}
        </button>
      </li>
    );
  }
  return (
    <li className={styles["row"]} data-open={isOpen}>
      <button
        type="button"
        className={styles["name"]}
        aria-current={isOpen ? "true" : undefined}
        onClick={() => void openNamed(graph.name)}
      >
        <span>{graph.name}</span>
        <span className={styles["when"]}>{clockText(graph.modified)}</span>
      </button>
      <button
        type="button"
        className={controls["icon"]}
        aria-label={`${t("files.delete")}: ${graph.name}`}
        title={t("files.delete")}
        onClick={() => {
          setAsking(true);
        }}
      >
        <Trash2 size={14} aria-hidden="true" />
      </button>
    </li>
  );
}
