import type { ReactElement, ReactNode } from "react";
import { runGraph } from "../../actions/run";
import type { Asked } from "../../stores/blockStates";
import { askAgain } from "../../stores/blockStates";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./values.module.css";

interface Props<T> {
  readonly node: string;
  readonly job: string;
  readonly asked: Asked<T> | undefined;
  readonly isEarlier?: boolean;
  readonly children: (value: T) => ReactNode;
}

/** What was asked of the server, once it is here; else why it is not, and what helps. */
export function StateFrame<T>(props: Props<T>): ReactElement {
  const { node, job, asked, isEarlier = false, children } = props;
  const t = useTexts();
  if (asked === undefined || asked.status === "asking") {
    return <p className={styles["hint"]}>{t("state.loading")}</p>;
  }
  if (asked.status === "here") {
    return (
      <div data-earlier={isEarlier} className={styles["frame"]}>
        {isEarlier ? <p className={styles["hint"]}>{t("state.earlier")}</p> : null}
        {children(asked.value)}
      </div>
    );
  }
  const isGone = asked.status === "gone";
  return (
    <div className={styles["notice"]} role="status">
      <p>{isGone ? t("state.gone") : `${t("state.failed")} ${asked.message}`}</p>
      <button
        type="button"
        className={controls["button"]}
        onClick={() => {
          if (isGone) {
            void runGraph([node]);
          } else {
            askAgain(job, node);
          }
        }}
      >
        {t(isGone ? "state.runAgain" : "state.tryAgain")}
      </button>
    </div>
  );
}
