import type { EdgeProps } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { useGesture } from "../stores/gesture";
import { useRun } from "../stores/run";
import { wireColour } from "./colours";
import type { FlowEdge } from "./flow";
import styles from "./Wire.module.css";
import { wirePath } from "./wirePath";

/** A wire: coloured by type, the main wire as one thick line; it flows into the node that runs. */
export const Wire = memo(function Wire(props: EdgeProps<FlowEdge>): ReactElement {
  const { id, target, sourceX, sourceY, targetX, targetY, data, selected } = props;
  const isFlowing = useRun((state) => state.nodes[target]?.status === "running");
  const isDrop = useGesture((state) => state.dropWire === id);
  const isTaken = useGesture(({ linking }) => {
    const taken = linking?.taken;
    return (
      taken !== null &&
      taken !== undefined &&
      taken.to === target &&
      taken.input === props.targetHandleId
    );
  });
  const path = wirePath({ x: sourceX, y: sourceY }, { x: targetX, y: targetY });
  return (
    <g
      className={styles["wire"]}
      style={{ ["--wire" as string]: wireColour(data?.type ?? "ANY") }}
      data-main={data?.isMain === true}
      data-selected={selected === true}
      data-drop={isDrop}
      data-taken={isTaken}
    >
      <path d={path} className={styles["line"]} />
      {isFlowing ? <path d={path} className={styles["flow"]} /> : null}
      <path d={path} className={styles["grasp"]} />
    </g>
  );
});
