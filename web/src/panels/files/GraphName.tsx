import type { ReactElement } from "react";
import { useDocument } from "../../stores/document";
import { useInterface } from "../../stores/interface";
import { useTexts } from "../../texts/texts";
import styles from "./files.module.css";

/** The graph's name in the top bar, with a mark while the server lacks the latest changes. */
export function GraphName(): ReactElement {
  const t = useTexts();
  const name = useDocument((state) => state.name);
  const isUnsaved = useDocument((state) => state.document !== state.saved);
  const shown = name === "" ? t("files.untitled") : name;
  const hint = isUnsaved ? t("files.unsaved") : t("files.isSaved");
  return (
    <button
      type="button"
      className={styles["graphName"]}
      title={hint}
      aria-label={`${shown}. ${hint}`}
      onClick={() => {
        useInterface.setState({ sidePanel: "files" });
      }}
    >
      <span>{shown}</span>
      {isUnsaved ? <span className={styles["unsaved"]} /> : null}
    </button>
  );
}
