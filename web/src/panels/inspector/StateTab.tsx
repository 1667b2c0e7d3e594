import { X } from "lucide-react";
import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import type { StateValue, WholeState } from "../../protocol/blockStates";
import { askWhole, placeKey, useBlockStates } from "../../stores/blockStates";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { NodeLink } from "./NodeLink";
import { StateFrame } from "./StateFrame";
import { useNodeState } from "./useStates";
import { ValueRow } from "./ValueRow";
import { goneSince, markOf } from "./values";
import styles from "./values.module.css";
import { shownValues } from "./whole";

/** Everything on the main wire behind the node: the whole state. */
export function StateTab({ node }: { readonly node: string }): ReactElement {
  const t = useTexts();
  const { job, isEarlier } = useNodeState(node);
  const jobBefore = useBlockStates((state) => state.runs[node]?.[1] ?? "");
  const asked = useBlockStates((state) => state.wholes[placeKey(job, node)]);
  const before = useBlockStates((state) => state.wholes[placeKey(jobBefore, node)]);
  const [isKnown, isBeforeKnown] = [asked !== undefined, before !== undefined];
  useEffect(() => {
    if (job !== "" && !isKnown) {
      askWhole(job, node);
    }
    if (jobBefore !== "" && !isBeforeKnown) {
      askWhole(jobBefore, node);
    }
  }, [job, jobBefore, node, isKnown, isBeforeKnown]);
  if (job === "") {
    return <p className={styles["hint"]}>{t("state.notRun")}</p>;
  }
  return (
    <StateFrame node={node} job={job} asked={asked} isEarlier={isEarlier}>
      {(whole) => (
        <Whole
          whole={whole}
          before={before?.status === "here" ? before.value : undefined}
          job={job}
          node={node}
        />
      )}
    </StateFrame>
  );
}

interface Props {
  readonly whole: WholeState;
  readonly before: WholeState | undefined;
  readonly job: string;
  readonly node: string;
}

function Whole({ whole, before, job, node }: Props): ReactElement {
  const t = useTexts();
  const [filter, setFilter] = useState("");
  const [isOnlyChanged, setIsOnlyChanged] = useState(false);
  if (!whole.has_wire) {
    return <p className={styles["hint"]}>{t("whole.noWire")}</p>;
  }
  const shown = shownValues(whole.values, { filter, isOnlyChanged, before: before?.values });
  const given = shown.filter(({ is_given }) => is_given);
  const made = shown.filter(({ is_given }) => !is_given);
  const gone = goneSince(whole.values, before?.values);
  const isFiltered = filter !== "" || isOnlyChanged;
  const row = (value: StateValue): ReactElement => (
    <StateRow key={value.name} value={value} before={before} job={job} node={node} />
  );
  return (
    <>
      <div className={styles["tools"]}>
        <input
          className={controls["field"]}
          type="search"
          value={filter}
          placeholder={t("whole.filter")}
          aria-label={t("whole.filter")}
          onChange={(event) => {
            setFilter(event.target.value);
          }}
        />
        {filter === "" ? null : (
          <button
            type="button"
            className={controls["icon"]}
            aria-label={t("whole.clearFilter")}
            onClick={() => {
              setFilter("");
            }}
          >
            <X size={14} aria-hidden="true" />
          </button>
        )}
      </div>
      {before === undefined ? null : (
        <label className={styles["check"]}>
          <input
            type="checkbox"
            checked={isOnlyChanged}
            onChange={(event) => {
              setIsOnlyChanged(event.target.checked);
            }}
          />
          {t("whole.onlyChanged")}
        </label>
      )}
      {isFiltered && shown.length === 0 ? (
        <p className={styles["hint"]}>{t("whole.noMatch")}</p>
      ) : null}
      <Section title={t("whole.given")} rows={given.map(row)} isFiltered={isFiltered}>
        {t("whole.nothingGiven")}
      </Section>
      <Section title={t("whole.made")} rows={made.map(row)} isFiltered={isFiltered}>
        {t("whole.nothingMade")}
      </Section>
      {isFiltered || whole.components.length === 0 ? null : (
        <section className={styles["section"]} aria-label={t("whole.components")}>
          <h3 className={styles["heading"]}>
            {t("whole.components")}{" "}
            <span className={styles["count"]}>{whole.components.length}</span>
          </h3>
          <p className={styles["hint"]}>{whole.components.join(", ")}</p>
        </section>
      )}
      {gone.length === 0 ? null : (
        <p className={styles["hint"]}>
          {t("whole.goneSince")}: {gone.map(({ name }) => name).join(", ")}
        </p>
      )}
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly rows: readonly ReactElement[];
  readonly isFiltered: boolean;
  readonly children: string;
}

function Section({ title, rows, isFiltered, children }: SectionProps): ReactElement | null {
  if (isFiltered && rows.length === 0) {
    return null;
  }
  return (
    <section className={styles["section"]} aria-label={title}>
      <h3 className={styles["heading"]}>
        {title} <span className={styles["count"]}>{rows.length}</span>
      </h3>
      {rows.length === 0 ? <p className={styles["hint"]}>{children}</p> : null}
      <ul className={styles["rows"]}>{rows}</ul>
    </section>
  );
}

interface RowProps {
  readonly value: StateValue;
  readonly before: WholeState | undefined;
  readonly job: string;
  readonly node: string;
}

function StateRow({ value, before, job, node }: RowProps): ReactElement {
  const t = useTexts();
  const words = value.is_given ? "from.stateUser" : "from.state";
  return (
    <ValueRow
      place={{ job, node, name: value.name }}
      summary={value.value}
      mark={markOf(value, before?.values)}
    >
      {value.writer === "" ? null : <NodeLink id={value.writer} words={words} />}
      {value.bundles.map((name) => (
        <span key={name} className={styles["bundle"]} title={t("whole.bundle", { name })}>
          {name}
        </span>
      ))}
    </ValueRow>
  );
}
