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

/** Most often the catalogue is there before this page could be read: then there is none. */
const GRACE = 300;

/** What is shown until the catalogue is there: what goes on, and what to do where it does not. */
export function StartPage(): ReactElement | null {
  const reach = useConnection((state) => state.reach);
  const isWorthIt = useAfter(GRACE);
  if (reach === "starting" && !isWorthIt) {
    return null;
  }
  return (
    <div className={styles["page"]}>
      <Logo size={54} isBusy={reach === "starting"} />
      {reach === "token" ? <WantsToken /> : reach === "lost" ? <Lost /> : <Starting />}
    </div>
  );
}

function Starting(): ReactElement {
  const t = useTexts();
  const isLong = useAfter(LONG);
  return (
    <div role="status">
      <p className={styles["title"]}>{t("start.starting")}</p>
      <p className={styles["hint"]}>{isLong ? t("start.reading") : ""}</p>
    </div>
  );
}

/** Whether so many milliseconds have gone by. */
function useAfter(time: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setOver(true);
    }, time);
    return () => {
      clearTimeout(timer);
    };
  }, [time]);
  return isOver;
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
