import { Panel, useStore } from "@xyflow/react";
import type { PointerEvent, ReactElement } from "react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Frame } from "../graph/frames";
import { frameAround } from "../graph/frames";
import { useCanvas } from "../stores/canvas";
import { useInterface } from "../stores/interface";
import { useRun } from "../stores/run";
import { currentFlow } from "../stores/view";
import { useTexts } from "../texts/texts";
import type { Fit } from "./minimap";
import {
  fitInto,
  fitOfPicture,
  frameOfFlow,
  fromMap,
  MAP,
  onMap,
  paint,
  seenFrame,
  standouts,
} from "./minimap";
import styles from "./Minimap.module.css";

/** The whole graph in small, with the part that is seen: dragged to look elsewhere. */
export function Minimap(): ReactElement {
  const t = useTexts();
  const theme = useShownTheme();
  const seen = useSeen();
  const nodes = useCanvas((state) => state.nodes);
  const around = useMemo(() => frameAround(nodes.map(frameOfFlow)), [nodes]);
  const whole = useMemo(() => fitInto(around === undefined ? [] : [around], MAP), [around]);
  const fit = fitInto(around === undefined ? [seen] : [around, seen], MAP);
  const frame = onMap(fit, seen);
  const look = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const place = fromMap(fit, { x: event.clientX - left, y: event.clientY - top });
    void currentFlow()?.setCenter(place.x, place.y, { zoom: currentFlow()?.getZoom() ?? 1 });
  };
  return (
    <Panel position="bottom-right">
      <div
        className={`${styles["minimap"]} nopan nowheel`}
        style={{ width: MAP.width, height: MAP.height }}
        role="img"
        aria-label={t("canvas.minimap")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          look(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) {
            look(event);
          }
        }}
        onWheel={({ deltaY }) => {
          const flow = currentFlow();
          void (deltaY < 0 ? flow?.zoomIn() : flow?.zoomOut());
        }}
      >
        <Picture key={theme} whole={whole} fit={fit} />
        <div
          className={styles["seen"]}
          style={{ left: frame.x, top: frame.y, width: frame.width, height: frame.height }}
        />
      </div>
    </Panel>
  );
}

function useSeen(): Frame {
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  return seenFrame({ x, y, zoom }, { width, height });
}

interface PictureProps {
  /** Painted so that the graph fills the map: moving about paints nothing anew. */
  readonly whole: Fit;
  /** As it is shown, when one looks at what lies beside the graph. */
  readonly fit: Fit;
}

/** The nodes, painted again when they or the run change. */
function Picture({ whole, fit }: PictureProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const nodes = useCanvas((state) => state.nodes);
  const marked = useRun(standouts);
  const { scale, x, y } = whole;
  const shift = fitOfPicture(whole, fit);
  const transform = `translate(${shift.x}px, ${shift.y}px) scale(${shift.scale})`;
  useEffect(() => {
    // A frame later: when the theme changes, its colours are there by then.
    const request = requestAnimationFrame(() => {
      if (canvas.current !== null) {
        paint(canvas.current, nodes, { scale, x, y }, marked);
      }
    });
    return () => {
      cancelAnimationFrame(request);
    };
  }, [nodes, scale, x, y, marked]);
  return <canvas ref={canvas} className={styles["map"]} style={{ transform }} />;
}

/** The theme that is shown: it follows the system where the user has chosen none. */
function useShownTheme(): string {
  const theme = useInterface((state) => state.theme);
  const [isDark, setDark] = useState(false);
  useEffect(() => {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const note = (): void => {
      setDark(dark.matches);
    };
    note();
    dark.addEventListener("change", note);
    return () => {
      dark.removeEventListener("change", note);
    };
  }, []);
  return theme === "system" ? String(isDark) : theme;
}
