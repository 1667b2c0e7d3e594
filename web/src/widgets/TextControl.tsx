import type { KeyboardEvent, ReactElement } from "react";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { Unset } from "./Unset";
import { useDraft } from "./useDraft";

/** One line or many. The text is taken over when the field is left, or with Enter. */
export function TextControl(props: ControlProps): ReactElement {
  const { socket, value, placeholder, label, onChange, isDisabled } = props;
  const isMany = socket.widget?.is_multiline === true;
  const given = typeof value === "string" ? value : "";
  const draft = useDraft((text) => {
    if (text !== given) {
      onChange(text === "" && socket.is_required !== true ? undefined : text);
    }
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    // With Ctrl or Command the run that follows sees what was written.
    if (event.key === "Enter" && (!isMany || event.ctrlKey || event.metaKey)) {
      draft.finish();
    } else if (event.key === "Escape" && draft.text !== null) {
      event.stopPropagation();
      draft.drop();
    }
  };
  const shared = {
    value: draft.text ?? given,
    placeholder,
    disabled: isDisabled === true,
    "aria-label": label,
    "data-typed": typeof value === "string",
    onBlur: draft.finish,
    onKeyDown,
    spellCheck: false,
    autoComplete: "off",
  };
  const onWrite = ({ target }: { target: { value: string } }): void => {
    draft.write(target.value);
  };
  return (
    <span className={styles["frame"]} data-side="end" data-many={isMany}>
      {isMany ? (
        <textarea {...shared} className={`${styles["text"]} nodrag nowheel`} onChange={onWrite} />
      ) : (
        <input {...shared} className={`${styles["line"]} nodrag`} onChange={onWrite} />
      )}
      <Unset {...props} />
    </span>
  );
}
