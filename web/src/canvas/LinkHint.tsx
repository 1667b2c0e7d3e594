import type { ReactElement } from "react";
import { useCatalogue } from "../stores/catalogue";
import { useDocument } from "../stores/document";
import { useGesture, useLinkPointer } from "../stores/gesture";
import { useTexts } from "../texts/texts";
import styles from "./Overlay.module.css";
import { useTouchBox } from "./press";
import { endTitle, nodeTitle, refusalText } from "./wireWords";

/** Beside the hand: what the link would do if it was let go here, or why it may not. */
export function LinkHint(): ReactElement | null {
  const isLinking = useGesture((state) => state.linking !== null);
  return isLinking ? <Hint /> : <TouchBox />;
}

function Hint(): ReactElement | null {
  const t = useTexts();
  const target = useGesture((state) => state.target);
  const isTaken = useGesture((state) => state.linking?.taken !== null);
  const { x, y } = useLinkPointer((state) => state.screen);
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  const style = { left: x + 16, top: y + 18 };
  if (target === null) {
    const text = isTaken ? t("link.unlink") : t("link.add");
    return (
      <div className={styles["hint"]} style={style} data-tone="dim">
        {text}
      </div>
    );
  }
  const words = target.validity.isValid
    ? t("link.here", {
        socket: endTitle(document, target.end, catalogue),
        node: nodeTitle(document, target.end.node, catalogue),
      })
    : refusalText(target.validity);
  return (
    <div
      className={styles["hint"]}
      style={style}
      role="status"
      data-tone={target.validity.isValid ? "good" : "bad"}
    >
      {words}
    </div>
  );
}

/** The box a finger draws. */
function TouchBox(): ReactElement | null {
  const box = useTouchBox((state) => state.box);
  return box === null ? null : (
    <div
      className={styles["box"]}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    />
  );
}
