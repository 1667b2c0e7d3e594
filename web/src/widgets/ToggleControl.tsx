import type { ReactElement } from "react";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { Unset } from "./Unset";

/** On or off; where nothing is the default, neither is possible too. */
export function ToggleControl(props: ControlProps): ReactElement {
  const { socket, value } = props;
  const isPlain = typeof socket.default === "boolean" || socket.is_required === true;
  return isPlain || (typeof value !== "boolean" && value !== undefined) ? (
    <span className={styles["frame"]} data-side="start">
      <Switch {...props} />
      <Unset {...props} />
    </span>
  ) : (
    <ThreeStates {...props} />
  );
}

function Switch({ socket, value, label, onChange, isDisabled }: ControlProps): ReactElement {
  const isOn = typeof value === "boolean" ? value : socket.default === true;
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      data-typed={typeof value === "boolean"}
      disabled={isDisabled === true}
      className={`${styles["toggle"]} nodrag`}
      onClick={() => {
        onChange(!isOn);
      }}
    >
      <span className={styles["knob"]} />
    </button>
  );
}

/** Unset, on, off, and unset again. */
function ThreeStates(props: ControlProps): ReactElement {
  const { value, placeholder, label, onChange, isDisabled } = props;
  const t = useTexts();
  const isSet = typeof value === "boolean";
  const words = isSet ? t(value ? "control.on" : "control.off") : placeholder;
  return (
    <span className={styles["row"]} data-end="true">
      <span className={styles["state"]} data-typed={isSet} aria-hidden="true">
        {words === "" || words === "null" ? t("control.neither") : words}
      </span>
      <button
        type="button"
        role="checkbox"
        aria-checked={isSet ? value : "mixed"}
        aria-label={label}
        data-typed={isSet}
        disabled={isDisabled === true}
        className={`${styles["toggle"]} nodrag`}
        onClick={() => {
          onChange(value === undefined ? true : value === true ? false : undefined);
        }}
      >
        <span className={styles["knob"]} />
      </button>
    </span>
  );
}
