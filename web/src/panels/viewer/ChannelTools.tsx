import type { ReactElement } from "react";
import { useTexts } from "../../texts/texts";
import type { Planes } from "./usePlanes";
import styles from "./viewer.module.css";

interface Props {
  readonly planes: Planes;
  readonly indexes: readonly number[];
  readonly onIndexes: (indexes: readonly number[]) => void;
  readonly isOwnScale: boolean;
  readonly onOwnScale: (isOwnScale: boolean) => void;
}

/** Which item and frame of a tensor is taken apart, and how its channels are coloured. */
export function ChannelTools(props: Props): ReactElement {
  const { planes, indexes, onIndexes, isOwnScale, onOwnScale } = props;
  const t = useTexts();
  const { layout, shape } = planes;
  return (
    <div className={styles["channelTools"]}>
      {layout.others.map((axis, place) => {
        const length = shape[axis] ?? 1;
        const at = indexes[place] ?? 0;
        return length < 2 ? null : (
          <label key={axis}>
            {axis === 0 ? t("viewer.batch") : t("viewer.axis", { number: axis + 1 })}
            <input
              type="range"
              min={0}
              max={length - 1}
              value={at}
              onChange={(event) => {
                onIndexes(indexes.with(place, event.target.valueAsNumber));
              }}
            />
            <output>{`${at + 1}/${length}`}</output>
          </label>
        );
      })}
      {planes.drawn.length < 2 ? null : (
        <label>
          <input
            type="checkbox"
            checked={isOwnScale}
            onChange={(event) => {
              onOwnScale(event.target.checked);
            }}
          />
          {t("viewer.ownScale")}
        </label>
      )}
    </div>
  );
}
