import type { CSSProperties, KeyboardEvent, ReactElement } from "react";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { draggedNumber, fillOf, parseNumber, steppedNumber } from "./numbers";
import { Unset } from "./Unset";
import { useDraft } from "./useDraft";
import { useNumberDrag } from "./useNumberDrag";

/** A number with its limits: dragged sideways, typed, stepped with the arrow keys. */
export function NumberControl(props: ControlProps): ReactElement {
  return (
    <span className={styles["frame"]} data-side="start">
      <NumberField {...props} />
      <Unset {...props} />
    </span>
  );
}

interface FieldProps extends ControlProps {
  /** Seeds are not dragged: one beside another is as far off as any. */
  readonly isDragged?: boolean;
}

export function NumberField(props: FieldProps): ReactElement {
  const { socket, value, placeholder, label, onChange, isDisabled, isDragged = true } = props;
  const given = typeof value === "number" ? value : undefined;
  const draft = useDraft((text) => {
    const found = parseNumber(text, socket);
    if (found !== "invalid" && found !== given) {
      onChange(found);
    }
  });
  const shown = draft.text ?? (given === undefined ? "" : String(given));
  const counts = shown === "" ? placeholder : shown;
  const drag = useNumberDrag(isDragged && isDisabled !== true, {
    onDrag: (pixels, isFine) => {
      const start = given ?? steppedNumber(placeholder, socket, 0);
      draft.write(String(draggedNumber(start, socket, pixels, isFine)));
    },
    onEnd: draft.finish,
    onCancel: draft.drop,
  });
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter") {
      draft.finish();
      event.currentTarget.select();
    } else if (event.key === "Escape" && draft.text !== null) {
      event.stopPropagation();
      draft.drop();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const count = (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1);
      draft.write(String(steppedNumber(counts, socket, count)));
    }
  };
  const fill = counts.trim() === "" ? undefined : fillOf(Number(counts), socket);
  const style: CSSProperties | undefined =
    fill === undefined || Number.isNaN(fill)
      ? undefined
      : { ["--fill" as string]: `${fill * 100}%` };
  return (
    <input
      className={`${styles["number"]} nodrag`}
      style={style}
      data-typed={given !== undefined}
      data-fill={style !== undefined}
      data-dragged={isDragged}
      inputMode="decimal"
      autoComplete="off"
      role="spinbutton"
      disabled={isDisabled === true}
      aria-label={label}
      aria-valuemin={socket.widget?.minimum}
      aria-valuemax={socket.widget?.maximum}
      aria-valuenow={numberOf(counts)}
      aria-valuetext={counts === "" ? undefined : counts}
      aria-invalid={draft.text !== null && parseNumber(draft.text, socket) === "invalid"}
      value={shown}
      placeholder={placeholder}
      onChange={(event) => {
        draft.write(event.target.value);
      }}
      onBlur={draft.finish}
      onKeyDown={onKeyDown}
      {...drag}
    />
  );
}

function numberOf(text: string): number | undefined {
  const found = Number(text.replace(",", "."));
  return text.trim() === "" || Number.isNaN(found) ? undefined : found;
}
