import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { useId } from "react";
import { closePanel, useInterface } from "../stores/interface";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./PanelFrame.module.css";
import { PanelEdge } from "./PanelEdge";

interface Props {
  readonly side: "left" | "right";
  readonly title: string;
  readonly children: ReactNode;
}

/** A panel beside the canvas: title, way to close it, content that scrolls, an edge to drag. */
export function PanelFrame({ side, title, children }: Props): ReactElement {
  const t = useTexts();
  const id = useId();
  const width = useInterface((state) => state.panelWidths[side]);
  return (
    <aside
      className={styles["panel"]}
      style={{ ["--panel-width" as string]: `${width}px` }}
      data-side={side}
      data-tour={side === "right" ? "inspector" : undefined}
      aria-labelledby={id}
    >
      <header className={styles["header"]}>
        <h2 id={id} className={styles["title"]}>
          {title}
        </h2>
        <button
          type="button"
          className={controls["icon"]}
          aria-label={t("panel.close", { name: title })}
          title={t("panel.close", { name: title })}
          onClick={() => {
            closePanel(side);
          }}
        >
          <X size={15} aria-hidden="true" />
        </button>
      </header>
      <div className={styles["content"]}>{children}</div>
      <PanelEdge side={side} name={title} />
    </aside>
  );
}
