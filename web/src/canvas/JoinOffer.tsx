import { useStore } from "@xyflow/react";
import { Link2, X } from "lucide-react";
import type { ReactElement } from "react";
import { useCatalogue } from "../stores/catalogue";
import { useDocument } from "../stores/document";
import { useGesture } from "../stores/gesture";
import { useTexts } from "../texts/texts";
import { acceptOffer, dismissOffer } from "./offers";
import styles from "./Overlay.module.css";
import { lineOf } from "./places";
import { wirePath, wirePoint } from "./wirePath";
import { nodeTitle } from "./wireWords";

/** A wire that is not there yet, and a chip to draw it: for a node dropped beside a chain. */
export function JoinOffer(): ReactElement | null {
  const t = useTexts();
  const offer = useGesture((state) => state.offer);
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  const zoom = useStore((state) => state.transform[2]);
  const line = offer === null ? undefined : lineOf(document, offer, catalogue);
  if (offer === null || line === undefined) {
    return null;
  }
  const middle = wirePoint(line.from, line.to, 0.5);
  const [from, to] = [
    nodeTitle(document, offer.from, catalogue),
    nodeTitle(document, offer.to, catalogue),
  ];
  return (
    <>
      <svg className={styles["lines"]} aria-hidden="true">
        <path d={wirePath(line.from, line.to)} className={styles["offer"]} />
      </svg>
      <div
        className={`${styles["join"]} nopan nodrag`}
        style={{
          left: middle.x,
          top: middle.y,
          transform: `translate(-50%, -50%) scale(${1 / Math.min(zoom, 1)})`,
        }}
      >
        <button
          type="button"
          className={styles["accept"]}
          aria-label={t("join.hint", { from, to })}
          onClick={acceptOffer}
        >
          <Link2 size={14} aria-hidden="true" />
          {t("join.offer")}
        </button>
        <button
          type="button"
          className={styles["dismiss"]}
          aria-label={t("join.dismiss")}
          onClick={dismissOffer}
        >
          <X size={13} aria-hidden="true" />
        </button>
      </div>
    </>
  );
}
