import { Dialog } from "radix-ui";
import type { FormEvent, ReactElement } from "react";
import { useState } from "react";
import { saveAs } from "../../actions/files";
import { nameProblem } from "../../protocol/graphs";
import { useDocument } from "../../stores/document";
import { closeDialog, useInterface } from "../../stores/interface";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./files.module.css";

/** Asks for a name; one that is taken is replaced only after another yes. */
export function SaveDialog(): ReactElement | null {
  const isOpen = useInterface((state) => state.dialog?.name === "saveAs");
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(isNowOpen) => {
        if (!isNowOpen) {
          closeDialog();
        }
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content className={styles["dialog"]} aria-describedby={undefined}>
          <SaveForm />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SaveForm(): ReactElement {
  const t = useTexts();
  const [name, setName] = useState(() => useDocument.getState().name);
  const [isTaken, setTaken] = useState(false);
  const problem = nameProblem(name);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const isOwn = name === useDocument.getState().name;
    const outcome = await saveAs(name.trim(), !isOwn && !isTaken);
    if (outcome === "saved") {
      closeDialog();
    } else {
      setTaken(outcome === "taken");
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Dialog.Title className={styles["title"]}>{t("files.saveAs")}</Dialog.Title>
      <label className={styles["label"]}>
        {t("files.name")}
        <input
          className={controls["field"]}
          value={name}
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onChange={(event) => {
            setName(event.target.value);
            setTaken(false);
          }}
        />
      </label>
      <p className={styles["hint"]} role={isTaken ? "alert" : undefined}>
        {isTaken ? t("files.taken", { name }) : t(`files.name.${problem ?? "hint"}`)}
      </p>
      <div className={styles["buttons"]}>
        <button type="button" className={controls["button"]} onClick={closeDialog}>
          {t("files.cancel")}
        </button>
        <button type="submit" className={controls["primary"]} disabled={problem !== null}>
          {isTaken ? t("files.replace") : t("files.save")}
        </button>
      </div>
    </form>
  );
}
