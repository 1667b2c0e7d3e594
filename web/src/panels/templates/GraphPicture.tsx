import type { ReactElement } from "react";
import { memo, useMemo } from "react";
import { wireColour } from "../../canvas/colours";
import type { GraphDocument } from "../../graph/model";
import { useCatalogue } from "../../stores/catalogue";
import { drawGraph } from "./drawing";
import styles from "./GraphPicture.module.css";

/** A picture of a graph, as it will lie on the canvas. */
export const GraphPicture = memo(function GraphPicture({
  document,
}: {
  readonly document: GraphDocument;
}): ReactElement {
  const catalogue = useCatalogue((state) => state.catalogue);
  const { frame, nodes, wires } = useMemo(
    () => drawGraph(document, catalogue),
    [document, catalogue],
  );
  return (
    <svg
      className={styles["picture"]}
      viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`}
      aria-hidden="true"
    >
      {wires.map(({ path, type, isMain }) => (
        <path
          key={path}
          className={styles["wire"]}
          d={path}
          stroke={wireColour(type)}
          strokeWidth={isMain ? 2 : 1.2}
        />
      ))}
      {nodes.map(({ id, x, y, width, height, header, hue }) => (
        <g key={id} style={{ ["--hue" as string]: hue }}>
          <rect className={styles["node"]} x={x} y={y} width={width} height={height} rx={14} />
          <rect className={styles["header"]} x={x} y={y} width={width} height={header} rx={14} />
        </g>
      ))}
    </svg>
  );
});
