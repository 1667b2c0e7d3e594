import type { KeyboardEvent, PointerEvent, ReactElement } from "react";
import { useRef } from "react";
import { setPanelWidth, useInterface, WIDEST_PANEL, NARROWEST_PANEL } from "../stores/interface";
import { useTexts } from "../texts/texts";
import styles from "./PanelFrame.module.css";

const KEY_STEP = 24;

/** The edge of a panel: dragged, or moved with the arrow keys. */
export function PanelEdge({
  side,
  name,
}: {
  readonly side: "left" | "right";
  readonly name: string;
}): ReactElement {
  const t = useTexts();
  const width = useInterface((state) => state.panelWidths[side]);
  const start = useRef({ x: 0, width: 0 });
  const outward = side === "left" ? 1 : -1;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      setPanelWidth(side, start.current.width + outward * (event.clientX - start.current.x));
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setPanelWidth(side, width + outward * step * KEY_STEP);
    }
  };
  return (
    <div
      className={styles["edge"]}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t("panel.width", { name })}
      aria-valuenow={Math.round(width)}
      aria-valuemin={NARROWEST_PANEL}
      aria-valuemax={WIDEST_PANEL}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
