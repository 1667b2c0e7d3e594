import type { ReactElement } from "react";
import type { Statistics } from "../../protocol/blockStates";
import { useTexts } from "../../texts/texts";
import styles from "./details.module.css";
import { barsOf, outlineOf, placeOf } from "./histogram";
import { roughNumber } from "./words";

interface Props {
  readonly statistics: Statistics;
  readonly height?: number;
}

const WIDTH = 256;

/** How often which numbers come, with lines at zero and at the mean. */
export function Histogram({ statistics, height = 64 }: Props): ReactElement | null {
  const t = useTexts();
  const { histogram, minimum, maximum, mean } = statistics;
  if (histogram.length === 0) {
    return null;
  }
  const [from, to] = [roughNumber(minimum), roughNumber(maximum)];
  const zero = placeOf(0, minimum, maximum, WIDTH);
  const middle = placeOf(mean, minimum, maximum, WIDTH);
  return (
    <figure className={styles["histogram"]}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        style={{ height }}
        role="img"
        aria-label={t("details.histogram", { from, to })}
      >
        {zero === null ? null : (
          <line x1={zero} x2={zero} y1="0" y2={height} className={styles["zeroLine"]} />
        )}
        <path d={outlineOf(barsOf(histogram, WIDTH, height))} className={styles["bars"]} />
        {middle === null ? null : (
          <line x1={middle} x2={middle} y1="0" y2={height} className={styles["meanLine"]} />
        )}
      </svg>
      <figcaption>
        <span>{from}</span>
        <span>{to}</span>
      </figcaption>
    </figure>
  );
}
