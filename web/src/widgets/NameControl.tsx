import type { KeyboardEvent, ReactElement } from "react";
import { useId, useState } from "react";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { Suggestions } from "./Suggestions";
import { optionId } from "./OptionList";
import type { Option } from "./options";
import { matching, nextIndex } from "./options";
import { Unset } from "./Unset";
import { useDraft } from "./useDraft";

interface Props extends ControlProps {
  readonly options: readonly Option[];
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
  /** What the list is called, and what it says where nothing is found. */
  readonly words: { readonly list: string; readonly none: string };
}

/** The name of something: any text, with names that are known to choose from. */
export function NameControl({ options, isOpen, setOpen, words, ...props }: Props): ReactElement {
  const { socket, value, placeholder, label, onChange, isDisabled } = props;
  const list = useId();
  const given = typeof value === "string" ? value : "";
  const [active, setActive] = useState(-1);
  const draft = useDraft((text) => {
    if (text.trim() !== given) {
      onChange(text.trim() === "" && socket.is_required !== true ? undefined : text.trim());
    }
  });
  const found = matching(options, draft.text ?? "");
  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const pick = (name: string): void => {
    draft.drop();
    close();
    if (name !== given) {
      onChange(name);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextIndex(event.key, active, found.length);
    if (next !== undefined) {
      event.preventDefault();
      setActive(isOpen ? next : -1);
      setOpen(true);
    } else if (event.key === "Enter") {
      const option = isOpen ? found[active] : undefined;
      if (option === undefined) {
        draft.finish();
        close();
      } else {
        pick(option.text);
      }
    } else if (event.key === "Escape" && (isOpen || draft.text !== null)) {
      event.stopPropagation();
      draft.drop();
      close();
    }
  };
  return (
    <Suggestions
      id={list}
      label={words.list}
      isOpen={isOpen}
      options={found}
      active={active}
      chosen={given}
      none={words.none}
      onPick={({ text }) => {
        pick(text);
      }}
      onClose={close}
    >
      <span className={styles["frame"]} data-side="end">
        <input
          className={`${styles["line"]} nodrag`}
          role="combobox"
          aria-label={label}
          aria-expanded={isOpen}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && active >= 0 ? optionId(list, active) : undefined}
          data-typed={typeof value === "string"}
          disabled={isDisabled === true}
          spellCheck={false}
          autoComplete="off"
          value={draft.text ?? given}
          placeholder={placeholder}
          onChange={(event) => {
            draft.write(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onClick={() => {
            setOpen(true);
          }}
          onBlur={() => {
            draft.finish();
            close();
          }}
          onKeyDown={onKeyDown}
        />
        <Unset {...props} />
      </span>
    </Suggestions>
  );
}
