import { KeyRound, Unplug } from "lucide-react";
import type { ReactElement } from "react";
import { tryNow, useConnection } from "../stores/connection";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./ConnectionBanner.module.css";
import { TokenField } from "./TokenField";

/** Says that the server is away, or wants a token; the work stays and can be gone on with. */
export function ConnectionBanner(): ReactElement | null {
  const t = useTexts();
  const reach = useConnection((state) => state.reach);
  if (reach === "lost") {
    return (
      <div className={styles["banner"]} role="alert">
        <Unplug size={15} aria-hidden="true" />
        <p>{t("connection.lost")}</p>
        <button type="button" className={controls["button"]} onClick={tryNow}>
          {t("connection.tryNow")}
        </button>
      </div>
    );
  }
  if (reach === "token") {
    return (
      <div className={styles["banner"]} role="alert">
        <KeyRound size={15} aria-hidden="true" />
        <p>{t("connection.wantsToken")}</p>
        <TokenField />
      </div>
    );
  }
  return null;
}
