import type { PointerEvent, ReactElement } from "react";
import { useRef, useState } from "react";
import { useTexts } from "../texts/texts";
import styles from "./masks.module.css";
import { paintStroke } from "./paint";
import type { Point } from "./strokes";
import type { MaskState } from "./useMask";

interface Props {
  readonly mask: MaskState;
  readonly background: string;
}

/** The picture with the mask over it; drawn on with mouse, pen or finger. */
export function MaskStage({ mask, background }: Props): ReactElement {
  const t = useTexts();
  const points = useRef<Point[] | null>(null);
  const [cursor, setCursor] = useState<Point | null>(null);
  const { picture, canvas, brush, step } = mask;
  const size =
    picture instanceof HTMLImageElement ? [picture.naturalWidth, picture.naturalHeight] : [1, 1];
  const [width = 1, height = 1] = size;

  const begin = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.button === 0) {
      event.currentTarget.setPointerCapture(event.pointerId);
      points.current = [];
      extend(event);
    }
  };
  const extend = (event: PointerEvent<HTMLCanvasElement>): void => {
    setCursor(pointAt(event.nativeEvent, event.currentTarget));
    const found = points.current;
    const context = event.currentTarget.getContext("2d");
    if (found === null || context === null) {
      return;
    }
    const moves = event.nativeEvent.getCoalescedEvents?.() ?? [];
    for (const move of moves.length > 0 ? moves : [event.nativeEvent]) {
      found.push(pointAt(move, event.currentTarget));
    }
    // Only what is new is drawn here; the whole stroke is drawn again when it is finished.
    paintStroke(context, brush, found.slice(-moves.length - 2));
  };
  const finish = (): void => {
    if (points.current !== null && points.current.length > 0) {
      step({ kind: "stroke", brush, points: points.current });
    }
    points.current = null;
  };
  return (
    <div className={styles["stage"]}>
      <div
        className={styles["sheet"]}
        style={{ aspectRatio: `${width} / ${height}`, ["--ratio" as string]: width / height }}
      >
        <img className={styles["picture"]} src={background} alt="" draggable={false} />
        <canvas
          ref={canvas}
          width={width}
          height={height}
          className={styles["canvas"]}
          aria-label={t("mask.canvas")}
          role="img"
          onPointerDown={begin}
          onPointerMove={extend}
          onPointerUp={finish}
          onPointerCancel={finish}
          onPointerLeave={() => {
            setCursor(null);
          }}
        />
        {cursor === null ? null : (
          <span
            className={styles["cursor"]}
            style={{
              left: `${(cursor.x / width) * 100}%`,
              top: `${(cursor.y / height) * 100}%`,
              width: `${(brush.size / width) * 100}%`,
            }}
          />
        )}
      </div>
    </div>
  );
}

/** Where a pointer is, in pixels of the picture. */
function pointAt(event: globalThis.PointerEvent, canvas: HTMLCanvasElement): Point {
  const frame = canvas.getBoundingClientRect();
  return {
    x: ((event.clientX - frame.left) / frame.width) * canvas.width,
    y: ((event.clientY - frame.top) / frame.height) * canvas.height,
    // A mouse has no pressure of its own: it draws with the whole brush.
    pressure: event.pointerType === "pen" ? event.pressure : 1,
  };
}
