import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import type { KeyboardEvent, ReactElement } from "react";
import { useEffect, useId, useState } from "react";
import { afterClosing } from "../../app/afterClosing";
import { closeDialog, useInterface } from "../../stores/interface";
import { useTexts } from "../../texts/texts";
import styles from "./Commands.module.css";
import type { Command } from "./useCommands";
import { useCommands } from "./useCommands";

/** Everything there is to do, and every node there is, by typing what it is called. */
export function CommandsDialog(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.dialog?.name === "commands");
  return isOpen ? (
    <Dialog.Root open onOpenChange={closeDialog}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content className={styles["dialog"]} aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{t("commands.title")}</Dialog.Title>
          <CommandSearch />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  ) : null;
}

function CommandSearch(): ReactElement {
  const t = useTexts();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands(text);
  const active = commands[Math.min(at, commands.length - 1)];
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && commands.length > 0) {
      event.preventDefault();
      setAt((at + step + commands.length) % commands.length);
    } else if (event.key === "Enter" && active !== undefined) {
      event.preventDefault();
      carryOut(active);
    }
  };
  return (
    <>
      <label className={styles["search"]}>
        <Search size={16} aria-hidden="true" />
        <input
          value={text}
          placeholder={t("commands.hint")}
          role="combobox"
          aria-label={t("commands.search")}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={active === undefined ? undefined : `${id}-${active.id}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
        />
      </label>
      <div id={id} className={styles["list"]} role="listbox" aria-label={t("commands.title")}>
        {commands.map((command, place) => (
          <Option
            key={command.id}
            id={`${id}-${command.id}`}
            command={command}
            isActive={command === active}
            onPoint={() => {
              setAt(place);
            }}
          />
        ))}
      </div>
      {commands.length === 0 ? (
        <p className={styles["none"]} role="status">
          {t("commands.none", { text: text.trim() })}
        </p>
      ) : null}
    </>
  );
}

/** The palette closes first: what the command opens takes its place. */
function carryOut(command: Command): void {
  if (command.isEnabled) {
    closeDialog();
    afterClosing(command.run);
  }
}

interface OptionProps {
  readonly id: string;
  readonly command: Command;
  readonly isActive: boolean;
  readonly onPoint: () => void;
}

function Option({ id, command, isActive, onPoint }: OptionProps): ReactElement {
  useEffect(() => {
    if (isActive) {
      document.getElementById(id)?.scrollIntoView({ block: "nearest" });
    }
  }, [isActive, id]);
  return (
    <div
      id={id}
      className={styles["option"]}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-disabled={!command.isEnabled}
      onPointerMove={isActive ? undefined : onPoint}
      onClick={() => {
        carryOut(command);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          carryOut(command);
        }
      }}
    >
      <span className={styles["name"]}>{command.name}</span>
      <span className={styles["where"]}>{command.where}</span>
      {command.shortcut === "" ? null : <kbd>{command.shortcut}</kbd>}
    </div>
  );
}
