import { Maximize2 } from "lucide-react";
import type { ReactElement } from "react";
import type { ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { openViewer } from "../../stores/viewer";
import { useTexts } from "../../texts/texts";
import { Thumbnail } from "./Thumbnail";
import styles from "./values.module.css";

const LARGE = 512;

/** A value as a picture; a click opens the full view. */
export function DrawnValue({
  place,
  summary,
}: {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
}): ReactElement {
  const t = useTexts();
  return (
    <button
      type="button"
      className={styles["drawn"]}
      aria-label={`${t("details.open")}: ${place.name}`}
      title={t("details.open")}
      onClick={() => {
        openViewer(place, summary);
      }}
    >
      <Thumbnail place={place} size={LARGE} label={place.name} />
      <Maximize2 size={14} aria-hidden="true" className={styles["enlarge"]} />
    </button>
  );
}
