import type { ReactElement } from "react";
import { useTexts } from "../../texts/texts";
import styles from "./values.module.css";
import type { Mark as MarkName } from "./values";

/** A dot that says whether a value has changed since the last run. */
export function Mark({ mark }: { readonly mark: MarkName }): ReactElement | null {
  const t = useTexts();
  if (mark === "unknown") {
    return null;
  }
  return (
    <span
      className={styles["mark"]}
      data-mark={mark}
      role="img"
      aria-label={t(`mark.${mark}`)}
      title={t(`mark.${mark}`)}
    />
  );
}
