import type { ReactElement } from "react";
import { openPalette } from "../actions/add";
import { shownShortcut } from "../actions/shortcuts";
import { useDocument } from "../stores/document";
import { openDialog } from "../stores/interface";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./EmptyHint.module.css";

/** Where to begin, on a canvas with nothing on it. */
export function EmptyHint(): ReactElement | null {
  const t = useTexts();
  const isEmpty = useDocument(({ document: { nodes, notes, groups } }) =>
    [nodes, notes, groups].every((drawn) => Object.keys(drawn).length === 0),
  );
  if (!isEmpty) {
    return null;
  }
  return (
    <div className={styles["hint"]}>
      <p>{t("canvas.empty", { key: shownShortcut("Space") })}</p>
      <div>
        <button type="button" className={controls["button"]} onClick={openPalette}>
          {t("add.node")}
        </button>
        <button
          type="button"
          className={controls["button"]}
          onClick={() => {
            openDialog("templates");
          }}
        >
          {t("view.templates")}
        </button>
      </div>
    </div>
  );
}
