import { Dialog } from "radix-ui";
import type { ReactElement } from "react";
import { closeDialog, useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import styles from "./masks.module.css";
import { MaskEditor } from "./MaskEditor";
import type { MaskOrder } from "./order";
import { MASK } from "./order";

/** The mask editor, over everything else. */
export function MaskDialog(): ReactElement {
  const t = useTexts();
  const dialog = useInterface((state) => (state.dialog?.name === MASK ? state.dialog : null));
  return (
    <Dialog.Root
      open={dialog !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) {
          closeDialog();
        }
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content
          className={styles["dialog"]}
          aria-describedby={undefined}
          onPointerDownOutside={(event) => {
            event.preventDefault();
          }}
        >
          <Dialog.Title className={styles["title"]}>{t("mask.title")}</Dialog.Title>
          {dialog === null ? null : <MaskEditor order={dialog.data as MaskOrder} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
