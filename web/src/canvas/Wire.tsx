import type { EdgeProps } from "@xyflow/react";
import { BaseEdge, getBezierPath } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { wireColour } from "./colours";
import type { FlowEdge } from "./flow";

/** A wire: coloured by type, the main wire as one thick line. */
export const Wire = memo(function Wire(props: EdgeProps<FlowEdge>): ReactElement {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, selected } =
    props;
  const [path] = getBezierPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    curvature: 0.3,
  });
  const isMain = data?.isMain === true;
  return (
    <BaseEdge
      id={props.id}
      path={path}
      interactionWidth={18}
      style={{
        stroke: wireColour(data?.type ?? "ANY"),
        strokeWidth: (isMain ? 4.5 : 2) + (selected === true ? 1.5 : 0),
        opacity: selected === true ? 1 : isMain ? 0.75 : 0.85,
      }}
    />
  );
});
