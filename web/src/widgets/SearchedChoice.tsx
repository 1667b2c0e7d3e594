import { ChevronsUpDown } from "lucide-react";
import { Popover } from "radix-ui";
import type { KeyboardEvent, ReactElement } from "react";
import { useId, useState } from "react";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { shownChoice } from "./lists";
import { OptionList, optionId } from "./OptionList";
import type { Option } from "./options";
import { matching, nextIndex } from "./options";
import listStyles from "./options.module.css";
import { Unset } from "./Unset";

/** One of many values: a button that opens a list with a search field. */
export function SearchedChoice(props: ControlProps): ReactElement {
  const { value, placeholder, label, isDisabled } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <span className={styles["frame"]} data-side="end">
        <Popover.Trigger
          className={`${styles["opener"]} nodrag`}
          aria-label={label}
          data-typed={value !== undefined}
          disabled={isDisabled === true}
        >
          <span className={styles["chosen"]}>
            {value === undefined ? placeholder : shownChoice(value)}
          </span>
          <ChevronsUpDown size={12} aria-hidden="true" />
        </Popover.Trigger>
        <Unset {...props} />
      </span>
      <Popover.Portal>
        <Popover.Content className={listStyles["popover"]} align="start" sideOffset={4}>
          <Search
            {...props}
            onDone={() => {
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Search(props: ControlProps & { readonly onDone: () => void }): ReactElement {
  const { socket, value, label, onChange, onDone } = props;
  const t = useTexts();
  const list = useId();
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const choices = socket.widget?.choices ?? [];
  const found = matching(
    choices.map((choice) => ({ text: shownChoice(choice), choice })),
    search,
  );
  const pick = (option: Option | undefined): void => {
    const wanted = found.find(({ text }) => text === option?.text);
    if (wanted !== undefined) {
      onChange(wanted.choice);
      onDone();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextIndex(event.key, active, found.length);
    if (next !== undefined) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(found[active]);
    }
  };
  return (
    <>
      <input
        className={listStyles["search"]}
        role="combobox"
        aria-label={t("control.search", { name: label })}
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found.length > 0 ? optionId(list, active) : undefined}
        placeholder={t("control.searchHint")}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <OptionList
        id={list}
        label={label}
        options={found}
        active={active}
        chosen={value === undefined ? "" : shownChoice(value)}
        none={t("control.noneFound")}
        onPick={pick}
      />
    </>
  );
}
