import type { ReactElement } from "react";
import { playedAs } from "../../media/kinds";
import { ValuePlayer } from "../../media/ValuePlayer";
import type { BlockState } from "../../protocol/blockStates";
import { DrawnValue } from "./DrawnValue";
import { mainValue } from "./values";
import styles from "./values.module.css";

/** The picture a node is about, where there is one. */
export function MainPicture({
  state,
  job,
}: {
  readonly state: BlockState;
  readonly job: string;
}): ReactElement | null {
  const main = mainValue(state);
  if (main === undefined || main.value === null) {
    return null;
  }
  const place = { job, node: state.node_id, name: main.name, side: "written" } as const;
  return (
    <div className={styles["main"]}>
      <DrawnValue place={place} summary={main.value} />
      {playedAs(main.value) === undefined ? null : (
        <ValuePlayer place={place} summary={main.value} />
      )}
    </div>
  );
}
