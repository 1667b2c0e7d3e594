import type { ReactElement } from "react";
import { playedAs } from "../../media/kinds";
import { ValuePlayer } from "../../media/ValuePlayer";
import type { ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { useTexts } from "../../texts/texts";
import { ConfigTable } from "./ConfigTable";
import styles from "./details.module.css";
import { Downloads } from "./Downloads";
import { DrawnValue } from "./DrawnValue";
import { StatisticsPanel } from "./StatisticsPanel";
import { ValueTree } from "./ValueTree";
import { isDrawable, isNumeric, isPicture } from "./values";
import { bytesText, numberText, shapeText } from "./words";

interface Props {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
}

/** All there is to say of a value. */
export function ValueDetails({ place, summary }: Props): ReactElement {
  const config = summary.details?.["config"];
  const hasItems = (summary.items?.length ?? 0) > 0 && !isPicture(summary);
  return (
    <div className={styles["body"]}>
      {isDrawable(summary) ? <DrawnValue place={place} summary={summary} /> : null}
      {playedAs(summary) === undefined ? null : <ValuePlayer place={place} summary={summary} />}
      {summary.kind === "text" ? <WholeText summary={summary} /> : null}
      <Facts summary={summary} />
      {hasItems ? <ValueTree place={place} summary={summary} /> : null}
      {typeof config === "object" && config !== null ? <ConfigTable config={config} /> : null}
      {isNumeric(summary) || isPicture(summary) ? (
        <StatisticsPanel place={place} summary={summary} />
      ) : null}
      <Downloads place={place} summary={summary} />
    </div>
  );
}

function WholeText({ summary }: { readonly summary: ValueSummary }): ReactElement {
  const t = useTexts();
  const left = summary.left_out ?? 0;
  return (
    <p className={styles["wholeText"]}>
      {String(summary.value ?? summary.text)}
      {left === 0 ? null : <em> … {t("value.moreText", { count: left })}</em>}
    </p>
  );
}

function Facts({ summary }: { readonly summary: ValueSummary }): ReactElement {
  const t = useTexts();
  const weights = summary.details?.["parameters"];
  const facts: readonly (readonly [string, string])[] = [
    [t("details.type"), summary.type],
    [t("details.shape"), summary.shape === undefined ? "" : shapeText(summary.shape)],
    [t("details.dtype"), summary.dtype ?? ""],
    [t("details.device"), summary.device ?? ""],
    [t("details.parameters"), typeof weights === "number" ? numberText(weights) : ""],
    [t("details.size"), summary.size > 0 ? bytesText(summary.size) : ""],
  ];
  return (
    <dl className={styles["facts"]}>
      {facts
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
