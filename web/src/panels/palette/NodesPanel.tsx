import { Search, X } from "lucide-react";
import type { ReactElement } from "react";
import { useState } from "react";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { FoundTypes } from "./FoundTypes";
import styles from "./NodesPanel.module.css";
import { TypeTree } from "./TypeTree";

/** All nodes there are: a field to search in, and a tree of families. */
export function NodesPanel(): ReactElement {
  const t = useTexts();
  const [text, setText] = useState("");
  return (
    <div className={styles["panel"]}>
      <div className={styles["search"]}>
        <Search size={14} aria-hidden="true" />
        <input
          className={controls["field"]}
          type="search"
          value={text}
          placeholder={t("palette.searchHint")}
          aria-label={t("palette.search")}
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              setText("");
            }
          }}
        />
        {text === "" ? null : (
          <button
            type="button"
            className={styles["clear"]}
            aria-label={t("palette.clear")}
            onClick={() => {
              setText("");
            }}
          >
            <X size={13} aria-hidden="true" />
          </button>
        )}
      </div>
      {text.trim() === "" ? <TypeTree /> : <FoundTypes text={text} />}
    </div>
  );
}
