import type { KeyboardEvent, ReactElement } from "react";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../texts/texts";
import { hexOf, parseHex } from "./colours";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { Unset } from "./Unset";
import { useDraft } from "./useDraft";

/** A colour: a swatch that opens the system's chooser, and its six digits. */
export function ColourControl(props: ControlProps): ReactElement {
  const t = useTexts();
  const { socket, value, label, onChange, isDisabled } = props;
  const given = typeof value === "number" ? value : undefined;
  const counts = given ?? (typeof socket.default === "number" ? socket.default : 0);
  const draft = useDraft((text) => {
    const found = parseHex(text);
    if (text.trim() === "" && socket.is_required !== true) {
      onChange(undefined);
    } else if (found !== undefined && found !== given) {
      onChange(found);
    }
  });
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter") {
      draft.finish();
    } else if (event.key === "Escape" && draft.text !== null) {
      event.stopPropagation();
      draft.drop();
    }
  };
  const isWrong = draft.text !== null && draft.text !== "" && parseHex(draft.text) === undefined;
  return (
    <span className={styles["row"]}>
      <Swatch {...props} colour={counts} />
      <span className={styles["frame"]} data-side="start">
        <input
          className={`${styles["number"]} nodrag`}
          aria-label={t("control.hex", { name: label })}
          aria-invalid={isWrong}
          data-typed={given !== undefined}
          disabled={isDisabled === true}
          spellCheck={false}
          autoComplete="off"
          value={draft.text ?? (given === undefined ? "" : hexOf(given))}
          placeholder={hexOf(counts)}
          onChange={(event) => {
            draft.write(event.target.value);
          }}
          onBlur={draft.finish}
          onKeyDown={onKeyDown}
        />
        <Unset {...props} placeholder={hexOf(counts)} />
      </span>
    </span>
  );
}

/** Follows the chooser as it goes, and takes the colour over when it is closed. */
function Swatch(props: ControlProps & { readonly colour: number }): ReactElement {
  const { colour, label, onChange, isDisabled } = props;
  const input = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState<string | null>(null);
  const take = useRef(onChange);
  useEffect(() => {
    take.current = onChange;
  });
  useEffect(() => {
    const found = input.current;
    // React calls every move in the chooser a change; this event comes once, at the end.
    const onEnd = (): void => {
      const chosen = parseHex(found?.value ?? "");
      setShown(null);
      if (chosen !== undefined) {
        take.current(chosen);
      }
    };
    found?.addEventListener("change", onEnd);
    return () => {
      found?.removeEventListener("change", onEnd);
    };
  }, []);
  return (
    <input
      ref={input}
      type="color"
      className={`${styles["swatch"]} nodrag`}
      aria-label={label}
      disabled={isDisabled === true}
      value={shown ?? hexOf(colour)}
      onInput={(event) => {
        setShown(event.currentTarget.value);
      }}
      onChange={() => undefined}
    />
  );
}
