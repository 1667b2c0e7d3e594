import type { ReactElement } from "react";
import type { BlockState, WrittenValue } from "../../protocol/blockStates";
import { useTexts } from "../../texts/texts";
import { MainPicture } from "./MainPicture";
import { NodeLink } from "./NodeLink";
import { PlannedValues } from "./PlannedValues";
import { ReadRow } from "./ReadRow";
import { isAtDefault } from "./reads";
import { StateFrame } from "./StateFrame";
import { useNodeState } from "./useStates";
import { ValueRow } from "./ValueRow";
import { inOrderOfReading, markOf, writerBefore } from "./values";
import styles from "./values.module.css";

/** What the node read and wrote, and where each value is from. */
export function ValuesTab({ node }: { readonly node: string }): ReactElement {
  const shown = useNodeState(node);
  if (shown.job === "") {
    return <PlannedValues node={node} />;
  }
  return (
    <StateFrame node={node} job={shown.job} asked={shown.state} isEarlier={shown.isEarlier}>
      {(state) => <Values state={state} before={shown.before} job={shown.job} />}
    </StateFrame>
  );
}

interface Props {
  readonly state: BlockState;
  readonly before: BlockState | undefined;
  readonly job: string;
}

function Values(props: Props): ReactElement {
  return (
    <>
      <MainPicture state={props.state} job={props.job} />
      <Written {...props} />
      <Read {...props} />
    </>
  );
}

function Written({ state, before, job }: Props): ReactElement {
  const t = useTexts();
  const { written, components } = state;
  return (
    <section className={styles["section"]} aria-label={t("values.wrote")}>
      <h3 className={styles["heading"]}>
        {t("values.wrote")} <span className={styles["count"]}>{written.length}</span>
      </h3>
      {components.length > 0 ? (
        <p className={styles["hint"]}>{t("values.sets", { names: components.join(", ") })}</p>
      ) : null}
      {written.length === 0 && components.length === 0 ? (
        <p className={styles["hint"]}>{t("values.nothingWritten")}</p>
      ) : null}
      <ul className={styles["rows"]}>
        {inOrderOfReading(state).map((value) => (
          <ValueRow
            key={value.name}
            place={{ job, node: state.node_id, name: value.name, side: "written" }}
            summary={value.value}
            mark={markOf(value, before?.written)}
          >
            <WrittenOrigin value={value} state={state} />
          </ValueRow>
        ))}
      </ul>
    </section>
  );
}

/** Whose value it replaces; a value that was not there before needs no words. */
function WrittenOrigin({
  value,
  state,
}: {
  readonly value: WrittenValue;
  readonly state: BlockState;
}): ReactElement | null {
  const t = useTexts();
  const before = writerBefore(value, state);
  const words =
    value.change === "new" ? null : value.change === "same" ? (
      <span title={t("wrote.sameTitle")}>{t("wrote.same")}</span>
    ) : before === "" ? (
      <span title={t("wrote.changedTitle")}>{t("wrote.changed")}</span>
    ) : (
      <NodeLink id={before} words="wrote.over" />
    );
  return value.warning === "" ? (
    words
  ) : (
    <>
      {words}
      <span className={styles["warning"]}>{value.warning}</span>
    </>
  );
}

function Read({ state, before, job }: Props): ReactElement {
  const t = useTexts();
  const told = state.read.filter((value) => !isAtDefault(value));
  const defaults = state.read.filter(isAtDefault);
  const row = (value: (typeof told)[number]): ReactElement => (
    <ReadRow key={value.name} value={value} state={state} before={before} job={job} />
  );
  return (
    <section className={styles["section"]} aria-label={t("values.read")}>
      <h3 className={styles["heading"]}>
        {t("values.read")} <span className={styles["count"]}>{state.read.length}</span>
      </h3>
      {state.read.length === 0 ? <p className={styles["hint"]}>{t("values.nothingRead")}</p> : null}
      <ul className={styles["rows"]}>{told.map(row)}</ul>
      {defaults.length === 0 ? null : (
        <details className={styles["fold"]}>
          <summary>
            {t(defaults.length === 1 ? "values.oneDefault" : "values.defaults", {
              count: defaults.length,
            })}
          </summary>
          <ul className={styles["rows"]}>{defaults.map(row)}</ul>
        </details>
      )}
    </section>
  );
}
