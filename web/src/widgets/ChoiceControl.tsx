import type { ReactElement } from "react";
import type { Json } from "../graph/model";
import styles from "./controls.module.css";
import type { ControlProps } from "./control";

const UNSET = "";

/** One of a few values. */
export function ChoiceControl({
  socket,
  value,
  placeholder,
  label,
  onChange,
}: ControlProps): ReactElement {
  const choices: readonly Json[] = socket.widget?.choices ?? [];
  const chosen = choices.findIndex((choice) => choice === value);
  return (
    <select
      className={`${styles["choice"]} nodrag`}
      aria-label={label}
      value={chosen < 0 ? UNSET : String(chosen)}
      onChange={(event) => {
        const { value: index } = event.target;
        onChange(index === UNSET ? undefined : choices[Number(index)]);
      }}
    >
      {socket.is_required === true && chosen >= 0 ? null : (
        <option value={UNSET}>{placeholder}</option>
      )}
      {choices.map((choice, index) => (
        <option key={index} value={index}>
          {String(choice)}
        </option>
      ))}
    </select>
  );
}
