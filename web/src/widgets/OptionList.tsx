import type { ReactElement } from "react";
import { useEffect, useRef } from "react";
import styles from "./options.module.css";
import type { Option } from "./options";

interface OptionListProps {
  readonly id: string;
  readonly label: string;
  readonly options: readonly Option[];
  /** The option the arrow keys are at; -1 for none. */
  readonly active: number;
  readonly chosen: string;
  readonly none: string;
  readonly onPick: (option: Option) => void;
}

export function optionId(list: string, index: number): string {
  return `${list}-${index}`;
}

/** A list of options under a field that keeps the focus. */
export function OptionList(props: OptionListProps): ReactElement {
  const { id, label, options, active, chosen, none, onPick } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <>
      <div ref={list} id={id} role="listbox" aria-label={label} className={styles["list"]}>
        {options.map((option, index) => (
          // The field has the focus and answers the keys.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={option.text}
            id={optionId(id, index)}
            role="option"
            aria-selected={option.text === chosen}
            data-active={index === active}
            className={styles["option"]}
            onPointerDown={(event) => {
              event.preventDefault();
            }}
            onClick={() => {
              onPick(option);
            }}
          >
            <span className={styles["text"]}>{option.text}</span>
            {option.hint === undefined ? null : (
              <span className={styles["hint"]}>{option.hint}</span>
            )}
          </div>
        ))}
      </div>
      {options.length === 0 ? <p className={styles["none"]}>{none}</p> : null}
    </>
  );
}
