import type { KeyboardEvent, ReactElement } from "react";
import { useState } from "react";
import { reportError } from "../actions/run";
import { closeDialog } from "../stores/interface";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./masks.module.css";
import { MaskStage } from "./MaskStage";
import { MaskTools } from "./MaskTools";
import type { MaskOrder } from "./order";
import { useMask } from "./useMask";

export function MaskEditor({ order }: { readonly order: MaskOrder }): ReactElement {
  const t = useTexts();
  const mask = useMask(order);
  const [isSaving, setSaving] = useState(false);
  const save = async (): Promise<void> => {
    if (mask.canvas.current === null) {
      return;
    }
    setSaving(true);
    try {
      await order.save(mask.canvas.current);
      closeDialog();
    } catch (error) {
      reportError(error);
    } finally {
      setSaving(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const key = event.key.toLowerCase();
    const isMod = event.ctrlKey || event.metaKey;
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === "text";
    const act = isMod ? MOD_KEYS[event.shiftKey ? `shift+${key}` : key] : KEYS[key];
    if (act !== undefined && !isTyping) {
      event.preventDefault();
      event.stopPropagation();
      act(mask);
    }
  };
  if (mask.picture === "") {
    return <p role="alert">{t("mask.noPicture")}</p>;
  }
  return (
    <div className={styles["editor"]} onKeyDown={onKeyDown} role="presentation">
      <MaskTools mask={mask} />
      <MaskStage mask={mask} background={order.background} />
      <footer className={styles["footer"]}>
        <button type="button" className={controls["button"]} onClick={closeDialog}>
          {t("mask.cancel")}
        </button>
        <button
          type="button"
          className={controls["primary"]}
          disabled={isSaving || mask.picture === null}
          onClick={() => void save()}
        >
          {t("mask.save")}
        </button>
      </footer>
    </div>
  );
}

type Act = (mask: ReturnType<typeof useMask>) => void;

const KEYS: Readonly<Record<string, Act>> = {
  b: (mask) => {
    mask.setBrush({ isErasing: false });
  },
  e: (mask) => {
    mask.setBrush({ isErasing: true });
  },
  i: (mask) => {
    mask.step({ kind: "invert" });
  },
  f: (mask) => {
    mask.step({ kind: "fill" });
  },
  "[": (mask) => {
    mask.setBrush({ size: Math.max(1, Math.round(mask.brush.size / 1.25)) });
  },
  "]": (mask) => {
    mask.setBrush({ size: Math.round(mask.brush.size * 1.25) + 1 });
  },
};

const MOD_KEYS: Readonly<Record<string, Act>> = {
  z: (mask) => {
    mask.undo();
  },
  "shift+z": (mask) => {
    mask.redo();
  },
  y: (mask) => {
    mask.redo();
  },
};
