import type { KeyboardEvent, ReactElement } from "react";
import { useState } from "react";
import styles from "./controls.module.css";
import type { ControlProps } from "./control";
import { parseNumber, steppedNumber } from "./numbers";

/** A number with its limits: typed, stepped with the arrow keys, emptied to have the default. */
export function NumberControl({
  socket,
  value,
  placeholder,
  label,
  onChange,
}: ControlProps): ReactElement {
  const given = typeof value === "number" ? String(value) : "";
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? given;
  const commit = (): void => {
    const found = draft === null ? "invalid" : parseNumber(draft, socket);
    if (found !== "invalid" && found !== (typeof value === "number" ? value : undefined)) {
      onChange(found);
    }
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") {
      commit();
    } else if (event.key === "Escape") {
      setDraft(null);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const count = (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1);
      setDraft(String(steppedNumber(shown === "" ? placeholder : shown, socket, count)));
    }
  };
  return (
    <input
      className={`${styles["number"]} nodrag`}
      inputMode="decimal"
      role="spinbutton"
      aria-label={label}
      aria-valuemin={socket.widget?.minimum}
      aria-valuemax={socket.widget?.maximum}
      aria-valuenow={shown === "" ? undefined : Number(shown)}
      value={shown}
      placeholder={placeholder}
      onChange={(event) => {
        setDraft(event.target.value);
      }}
      onBlur={() => {
        commit();
      }}
      onKeyDown={onKeyDown}
    />
  );
}
