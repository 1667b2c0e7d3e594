import type { ReactElement } from "react";
import type { Json } from "../graph/model";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { shownChoice } from "./lists";
import { SearchedChoice } from "./SearchedChoice";

const UNSET = "";
/** From here on a list is searched rather than looked through. */
const MOST_LISTED = 12;

/** One of several values. */
export function ChoiceControl(props: ControlProps): ReactElement {
  const { socket, value, placeholder, label, onChange, isDisabled } = props;
  const choices: readonly Json[] = socket.widget?.choices ?? [];
  if (choices.length > MOST_LISTED) {
    return <SearchedChoice {...props} />;
  }
  const chosen = choices.findIndex((choice) => choice === value);
  const isOther = chosen < 0 && value !== undefined;
  return (
    <select
      className={`${styles["choice"]} nodrag`}
      aria-label={label}
      aria-invalid={isOther}
      data-typed={value !== undefined}
      disabled={isDisabled === true}
      value={chosen < 0 ? UNSET : String(chosen)}
      onChange={(event) => {
        const { value: index } = event.target;
        onChange(index === UNSET ? undefined : choices[Number(index)]);
      }}
    >
      {socket.is_required === true && chosen >= 0 ? null : (
        <option value={UNSET}>{isOther ? shownChoice(value) : placeholder}</option>
      )}
      {choices.map((choice, index) => (
        <option key={index} value={index}>
          {shownChoice(choice)}
        </option>
      ))}
    </select>
  );
}
