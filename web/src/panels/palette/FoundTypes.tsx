import type { ReactElement } from "react";
import { useTexts } from "../../texts/texts";
import styles from "./NodesPanel.module.css";
import { TypeButton } from "./TypeButton";
import { usePaletteSearch } from "./usePaletteSearch";

const MOST_SHOWN = 100;

/** What fits the text in the side panel, best first. */
export function FoundTypes({ text }: { readonly text: string }): ReactElement {
  const t = useTexts();
  const found = usePaletteSearch(text);
  const left = found.length - MOST_SHOWN;
  const count =
    found.length === 1 ? t("palette.countOne") : t("palette.count", { count: found.length });
  return (
    <div className={styles["found"]}>
      <p className={styles["count"]} role="status">
        {found.length === 0 ? t("palette.none", { text: text.trim() }) : count}
      </p>
      <ul className={styles["list"]}>
        {found.slice(0, MOST_SHOWN).map((type) => (
          <li key={type.id}>
            <TypeButton type={type} />
          </li>
        ))}
      </ul>
      {left > 0 ? <p className={styles["count"]}>{t("palette.left", { count: left })}</p> : null}
    </div>
  );
}
