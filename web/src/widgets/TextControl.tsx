import type { KeyboardEvent, ReactElement } from "react";
import { useState } from "react";
import styles from "./controls.module.css";
import type { ControlProps } from "./control";

/** One line or many. The text is taken over when the field is left, or with Enter. */
export function TextControl({
  socket,
  value,
  placeholder,
  label,
  onChange,
}: ControlProps): ReactElement {
  const given = typeof value === "string" ? value : "";
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== given) {
      onChange(draft === "" && socket.is_required !== true ? undefined : draft);
    }
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isMany = socket.widget?.is_multiline === true;
    if (event.key === "Enter" && (!isMany || event.ctrlKey || event.metaKey)) {
      commit();
    } else if (event.key === "Escape") {
      setDraft(null);
    }
  };
  const shared = {
    value: draft ?? given,
    placeholder,
    "aria-label": label,
    onBlur: commit,
    onKeyDown,
    spellCheck: false,
  };
  return socket.widget?.is_multiline === true ? (
    <textarea
      {...shared}
      className={`${styles["text"]} nodrag nowheel`}
      onChange={(event) => {
        setDraft(event.target.value);
      }}
    />
  ) : (
    <input
      {...shared}
      className={`${styles["line"]} nodrag`}
      onChange={(event) => {
        setDraft(event.target.value);
      }}
    />
  );
}
