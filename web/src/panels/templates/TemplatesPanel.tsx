import { Maximize2 } from "lucide-react";
import type { ReactElement } from "react";
import { openDialog } from "../../stores/interface";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { TemplateBrowser } from "./TemplateBrowser";
import styles from "./Templates.module.css";

/** Templates in the side panel. */
export function TemplatesPanel(): ReactElement {
  const t = useTexts();
  return (
    <div className={styles["panel"]}>
      <TemplateBrowser isLarge={false} />
      <div className={styles["footer"]}>
        <button
          type="button"
          className={controls["button"]}
          onClick={() => {
            openDialog("templates");
          }}
        >
          <Maximize2 size={13} aria-hidden="true" />
          {t("templates.all")}
        </button>
      </div>
    </div>
  );
}
