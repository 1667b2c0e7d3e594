import type { ReactElement } from "react";
import styles from "./controls.module.css";
import type { ControlProps } from "./control";

/** On or off. */
export function ToggleControl({ value, placeholder, label, onChange }: ControlProps): ReactElement {
  const isOn = typeof value === "boolean" ? value : placeholder === "true";
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      data-typed={typeof value === "boolean"}
      className={`${styles["toggle"]} nodrag`}
      onClick={() => {
        onChange(!isOn);
      }}
    >
      <span className={styles["knob"]} />
    </button>
  );
}
