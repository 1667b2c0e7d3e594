import { ChevronRight } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { useId, useState } from "react";
import type { ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { useTexts } from "../../texts/texts";
import { Mark } from "./Mark";
import { Thumbnail } from "./Thumbnail";
import { ValueDetails } from "./ValueDetails";
import type { Mark as MarkName } from "./values";
import { isDrawable } from "./values";
import styles from "./values.module.css";
import { summaryText } from "./words";

interface Props {
  readonly place: ValuePlace;
  readonly summary: ValueSummary | null;
  /** What stands for a value that is not kept, or of which there is none. */
  readonly fallback?: string;
  readonly mark: MarkName;
  /** Where it is from, who wrote it: below the name. */
  readonly children?: ReactNode;
}

const SMALL = 64;

/** A value: its name, what it is, where it is from; opens to its details. */
export function ValueRow({ place, summary, fallback, mark, children }: Props): ReactElement {
  const t = useTexts();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const text = summary === null ? (fallback ?? t("value.notKept")) : summaryText(summary, t);
  const isOpenable = summary !== null && summary.kind !== "none";
  return (
    <li className={styles["row"]} data-value={place.name} data-open={isOpen} data-mark={mark}>
      <div className={styles["line"]}>
        <button
          type="button"
          className={styles["opener"]}
          aria-expanded={isOpenable ? isOpen : undefined}
          aria-controls={isOpen ? id : undefined}
          disabled={!isOpenable}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          <ChevronRight size={12} aria-hidden="true" className={styles["chevron"]} />
          <span className={styles["name"]} title={place.name}>
            {place.name}
          </span>
          <Mark mark={mark} />
          <span className={styles["text"]} data-kind={summary?.kind ?? "none"} title={text}>
            {text}
          </span>
        </button>
        {summary !== null && isDrawable(summary) && !isOpen ? (
          <span className={styles["small"]}>
            <Thumbnail place={place} size={SMALL} label="" />
          </span>
        ) : null}
      </div>
      {children === undefined ? null : <div className={styles["origin"]}>{children}</div>}
      {isOpen && summary !== null ? (
        <div id={id} className={styles["details"]}>
          <ValueDetails place={place} summary={summary} />
        </div>
      ) : null}
    </li>
  );
}
