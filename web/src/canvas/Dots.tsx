import { useStoreApi } from "@xyflow/react";
import type { ReactElement } from "react";
import { useEffect, useId, useRef } from "react";
import styles from "./Canvas.module.css";
import { dotsIn } from "./viewport";

/**
 * The dots behind the graph, where places snap to.
 *
 * They lie on a layer that is larger than the canvas: moving the view only shifts it by less than
 * the gap between two dots, and nothing is painted anew.
 */
export function Dots(): ReactElement {
  const id = useId();
  const store = useStoreApi();
  const layer = useRef<SVGSVGElement>(null);
  const pattern = useRef<SVGPatternElement>(null);
  const dot = useRef<SVGCircleElement>(null);
  useEffect(() => {
    let drawn = 0;
    const place = (): void => {
      const [x, y, zoom] = store.getState().transform;
      const { gap, radius, left, top } = dotsIn({ x, y, zoom });
      if (layer.current !== null) {
        layer.current.style.transform = `translate(${left}px, ${top}px)`;
      }
      if (zoom !== drawn) {
        drawn = zoom;
        for (const side of ["width", "height"]) {
          pattern.current?.setAttribute(side, String(gap));
        }
        for (const place of ["cx", "cy", "r"]) {
          dot.current?.setAttribute(place, String(radius));
        }
      }
    };
    place();
    return store.subscribe(place);
  }, [store]);
  return (
    <div className={styles["dots"]} aria-hidden="true">
      <svg ref={layer}>
        <pattern ref={pattern} id={id} patternUnits="userSpaceOnUse">
          <circle ref={dot} />
        </pattern>
        <rect width="100%" height="100%" fill={`url(#${id})`} />
      </svg>
    </div>
  );
}
