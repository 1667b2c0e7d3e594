import type { ReactElement } from "react";
import { useState } from "react";
import type { Statistics, ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { fetchStatistics } from "../../protocol/blockStates";
import { ServerError } from "../../protocol/http";
import controls from "../../style/controls.module.css";
import type { Translate } from "../../texts/texts";
import { useTexts } from "../../texts/texts";
import styles from "./details.module.css";
import { Histogram } from "./Histogram";
import { numberText, percentText, roughNumber } from "./words";

interface Props {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
}

type Found = Statistics | "none" | "asking" | { readonly reason: string };

/** Numbers about the numbers in a value, on request. */
export function StatisticsPanel({ place, summary }: Props): ReactElement {
  const t = useTexts();
  const [found, setFound] = useState<Found>("none");
  const measured = placeOfNumbers(place, summary);
  const measure = async (): Promise<void> => {
    setFound("asking");
    try {
      setFound(await fetchStatistics(measured, true));
    } catch (error) {
      if (!(error instanceof ServerError)) {
        throw error;
      }
      setFound({ reason: error.message });
    }
  };
  if (found === "none" || found === "asking") {
    return (
      <button
        type="button"
        className={controls["button"]}
        disabled={found === "asking"}
        onClick={() => void measure()}
      >
        {t(found === "asking" ? "state.loading" : "details.statistics")}
      </button>
    );
  }
  return "reason" in found ? (
    <p role="alert">{t("details.statisticsFailed", { reason: found.reason })}</p>
  ) : (
    <Measured statistics={found} />
  );
}

/** Pictures come in lists: the first one is measured. */
function placeOfNumbers(place: ValuePlace, summary: ValueSummary): ValuePlace {
  return summary.kind === "images" && place.item === undefined
    ? { ...place, item: [summary.items?.[0]?.name ?? "0"] }
    : place;
}

function Measured({ statistics }: { readonly statistics: Statistics }): ReactElement {
  const t = useTexts();
  return (
    <section className={styles["statistics"]} aria-label={t("details.statistics")}>
      <h4>{t("details.statistics")}</h4>
      <Histogram statistics={statistics} />
      <dl className={styles["numbers"]}>
        {factsOf(statistics, t).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {statistics.channels.length < 2 ? null : (
        <details>
          <summary>{t("details.perChannel")}</summary>
          <ol className={styles["channels"]}>
            {statistics.channels.map((channel, index) => (
              <li key={index} aria-label={t("details.channel", { number: index })}>
                <span className={styles["channelNumber"]}>{index}</span>
                <Histogram statistics={channel} height={24} />
                <span className={styles["channelMean"]}>
                  {roughNumber(channel.mean)} ± {roughNumber(channel.std)}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}

function factsOf(found: Statistics, t: Translate): readonly (readonly [string, string])[] {
  const facts: [string, string][] = [
    [t("details.minimum"), roughNumber(found.minimum)],
    [t("details.maximum"), roughNumber(found.maximum)],
    [t("details.mean"), roughNumber(found.mean)],
    [t("details.std"), roughNumber(found.std)],
    [t("details.count"), numberText(found.count)],
    [t("details.zeros"), percentText(found.zero_share)],
  ];
  if (found.nan_count > 0) {
    facts.push([t("details.nan"), numberText(found.nan_count)]);
  }
  if (found.inf_count > 0) {
    facts.push([t("details.inf"), numberText(found.inf_count)]);
  }
  return facts;
}
