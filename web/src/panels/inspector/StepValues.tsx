import type { ReactElement } from "react";
import type { LoopStep } from "../../protocol/blockStates";
import { useInspect } from "../../stores/inspect";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { nameOf } from "./StepPicture";
import steps from "./steps.module.css";
import { ValueRow } from "./ValueRow";
import styles from "./values.module.css";

interface Props {
  readonly node: string;
  readonly job: string;
  readonly step: LoopStep | undefined;
  readonly names: readonly string[];
  readonly drawn: string;
}

/** What to draw of the steps, and the values that were new after this one. */
export function StepValues({ node, job, step, names, drawn }: Props): ReactElement {
  const t = useTexts();
  const values = Object.entries(step?.values ?? {});
  return (
    <>
      {names.length < 2 ? null : (
        <label className={steps["choice"]}>
          <span>{t("steps.picture")}</span>
          <select
            className={controls["field"]}
            value={drawn}
            onChange={(event) => {
              useInspect.setState({ stepPicture: event.target.value });
            }}
          >
            {names.map((name) => (
              <option key={name} value={name}>
                {nameOf(name, t("steps.predicted"))}
              </option>
            ))}
          </select>
        </label>
      )}
      <section className={styles["section"]} aria-label={t("steps.values")}>
        <h3 className={styles["heading"]}>
          {t("steps.values")} <span className={styles["count"]}>{values.length}</span>
        </h3>
        <ul className={styles["rows"]}>
          {values.map(([name, value]) => (
            <ValueRow
              key={name}
              place={{ job, node, name, step: step?.index ?? 0 }}
              summary={value}
              mark="unknown"
            />
          ))}
        </ul>
        {(step?.dropped.length ?? 0) === 0 ? null : (
          <p className={styles["hint"]}>
            {t("steps.dropped", { names: step?.dropped.join(", ") ?? "" })}
          </p>
        )}
      </section>
    </>
  );
}
