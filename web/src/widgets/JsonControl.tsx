import type { KeyboardEvent, ReactElement } from "react";
import { useId, useState } from "react";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { parseValue, shownValue } from "./lists";
import { Unset } from "./Unset";

/** A list or named values, written as JSON. What cannot be read stays in the field, with the reason. */
export function JsonControl(props: ControlProps): ReactElement {
  const t = useTexts();
  const { socket, value, placeholder, label, onChange, isDisabled } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const messageId = useId();
  const given = value === undefined ? "" : shownValue(value);
  const parsed = parseValue(draft ?? given, socket.type);
  const problem = draft !== null && "problem" in parsed ? parsed.problem : null;
  const finish = (): void => {
    if (draft === null || "problem" in parsed) {
      return;
    }
    setDraft(null);
    if ((parsed.value === undefined ? "" : shownValue(parsed.value)) !== given) {
      onChange(parsed.value);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") {
      finish();
    } else if (event.key === "Escape" && draft !== null) {
      event.stopPropagation();
      setDraft(null);
    }
  };
  return (
    <span className={styles["frame"]} data-side="end">
      <input
        className={`${styles["line"]} ${styles["code"]} nodrag`}
        aria-label={label}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : messageId}
        data-typed={value !== undefined}
        disabled={isDisabled === true}
        spellCheck={false}
        autoComplete="off"
        value={draft ?? given}
        placeholder={placeholder === "" ? t(hintOf(socket.type)) : placeholder}
        onChange={(event) => {
          setDraft(event.target.value);
        }}
        onBlur={finish}
        onKeyDown={onKeyDown}
      />
      <Unset {...props} />
      {problem === null ? null : (
        <span id={messageId} role="alert" className={styles["problem"]}>
          {t(problem)}
        </span>
      )}
    </span>
  );
}

function hintOf(type: string): "control.listHint" | "control.dictHint" {
  return type === "DICT" ? "control.dictHint" : "control.listHint";
}
