import type { KeyboardEvent, ReactElement } from "react";
import { useState } from "react";
import { seedOf, withSeed } from "../../graph/seed";
import { edit, useDocument } from "../../stores/document";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./running.module.css";

/** The seed of nodes that have none of their own: fixed, or a new one for each run. */
export function SeedChoice(): ReactElement {
  const t = useTexts();
  const seed = useDocument((state) => seedOf(state.document));
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    const found = draft === null || draft.trim() === "" ? null : Number(draft);
    if (draft !== null && (found === null || (Number.isSafeInteger(found) && found >= 0))) {
      edit("edit.seed", (document) => withSeed(document, found));
    }
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // The menu would take letters and arrows for itself.
    event.stopPropagation();
    if (event.key === "Enter") {
      commit();
    }
  };
  return (
    <label className={styles["seed"]}>
      <span>{t("run.seed")}</span>
      <input
        className={controls["field"]}
        inputMode="numeric"
        value={draft ?? (seed === null ? "" : String(seed))}
        placeholder={t("run.seedNew")}
        onChange={(event) => {
          setDraft(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
    </label>
  );
}
