import { Brush, CircleSlash, Contrast, Eraser, PaintBucket, Redo2, Undo2 } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./masks.module.css";
import type { MaskState } from "./useMask";

/** Brush and eraser with their size and softness; what is done to the whole mask; undo. */
export function MaskTools({ mask }: { readonly mask: MaskState }): ReactElement {
  const t = useTexts();
  const { brush, setBrush, step, history } = mask;
  const largest = mask.picture instanceof HTMLImageElement ? mask.picture.naturalWidth : 512;
  return (
    <div className={styles["tools"]} role="toolbar" aria-label={t("mask.tools")}>
      <Tool
        label={`${t("mask.brush")} (B)`}
        isOn={!brush.isErasing}
        act={() => {
          setBrush({ isErasing: false });
        }}
      >
        <Brush size={16} aria-hidden="true" />
      </Tool>
      <Tool
        label={`${t("mask.eraser")} (E)`}
        isOn={brush.isErasing}
        act={() => {
          setBrush({ isErasing: true });
        }}
      >
        <Eraser size={16} aria-hidden="true" />
      </Tool>
      <Range
        label={t("mask.size")}
        value={brush.size}
        least={1}
        most={largest}
        act={(size) => {
          setBrush({ size });
        }}
      />
      <Range
        label={t("mask.feather")}
        value={Math.round(brush.feather * 100)}
        least={0}
        most={100}
        act={(percent) => {
          setBrush({ feather: percent / 100 });
        }}
      />
      <label className={styles["check"]}>
        <input
          type="checkbox"
          checked={brush.followsPressure}
          onChange={(event) => {
            setBrush({ followsPressure: event.target.checked });
          }}
        />
        {t("mask.pressure")}
      </label>
      <span className={styles["gap"]} />
      <Tool
        label={`${t("mask.fill")} (F)`}
        act={() => {
          step({ kind: "fill" });
        }}
      >
        <PaintBucket size={16} aria-hidden="true" />
      </Tool>
      <Tool
        label={`${t("mask.invert")} (I)`}
        act={() => {
          step({ kind: "invert" });
        }}
      >
        <Contrast size={16} aria-hidden="true" />
      </Tool>
      <Tool
        label={t("mask.clear")}
        act={() => {
          step({ kind: "clear" });
        }}
      >
        <CircleSlash size={16} aria-hidden="true" />
      </Tool>
      <Tool label={t("mask.undo")} isOff={history.done.length === 0} act={mask.undo}>
        <Undo2 size={16} aria-hidden="true" />
      </Tool>
      <Tool label={t("mask.redo")} isOff={history.undone.length === 0} act={mask.redo}>
        <Redo2 size={16} aria-hidden="true" />
      </Tool>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly act: () => void;
  readonly children: ReactNode;
  readonly isOn?: boolean;
  readonly isOff?: boolean;
}

function Tool({ label, act, children, isOn, isOff }: ToolProps): ReactElement {
  return (
    <button
      type="button"
      className={controls["icon"]}
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      disabled={isOff}
      onClick={act}
    >
      {children}
    </button>
  );
}

interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly act: (value: number) => void;
}

function Range({ label, value, least, most, act }: RangeProps): ReactElement {
  return (
    <label className={styles["range"]}>
      {label}
      <input
        type="range"
        min={least}
        max={most}
        value={value}
        onChange={(event) => {
          act(Number(event.target.value));
        }}
      />
      <output>{value}</output>
    </label>
  );
}
