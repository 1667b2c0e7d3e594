import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import { tryNow, useConnection } from "../stores/connection";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import { Logo } from "./Logo";
import styles from "./StartPage.module.css";
import { TokenField } from "./TokenField";

/** After so long, it is worth saying why it takes so long. */
const LONG = 1500;

/** What is shown until the catalogue is there: what goes on, and what to do where it does not. */
export function StartPage(): ReactElement {
  const reach = useConnection((state) => state.reach);
  return (
    <div className={styles["page"]}>
      <Logo size={54} isBusy={reach === "starting"} />
      {reach === "token" ? <WantsToken /> : reach === "lost" ? <Lost /> : <Starting />}
    </div>
  );
}

function Starting(): ReactElement {
  const t = useTexts();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLong(true);
    }, LONG);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div role="status">
      <p className={styles["title"]}>{t("start.starting")}</p>
      <p className={styles["hint"]}>{isLong ? t("start.reading") : ""}</p>
    </div>
  );
}

function Lost(): ReactElement {
  const t = useTexts();
  const failure = useConnection((state) => state.failure);
  return (
    <div role="alert">
      <p className={styles["title"]}>{failure === null ? t("start.lost") : failure.message}</p>
      <p className={styles["hint"]}>{failure === null ? t("start.lostHint") : failure.remedy}</p>
      <button type="button" className={controls["button"]} onClick={tryNow}>
        {t("connection.tryNow")}
      </button>
    </div>
  );
}

function WantsToken(): ReactElement {
  const t = useTexts();
  return (
    <div>
      <p className={styles["title"]}>{t("start.token")}</p>
      <p className={styles["hint"]}>{t("connection.tokenHint")}</p>
      <TokenField />
    </div>
  );
}
