import { Dialog } from "radix-ui";
import type { ReactElement } from "react";
import { closeDialog, useInterface } from "../../stores/interface";
import type { Viewed } from "../../stores/viewer";
import { VIEWER } from "../../stores/viewer";
import { Viewer } from "./Viewer";
import styles from "./viewer.module.css";

/** The full view of a value, over everything else. */
export function ViewerDialog(): ReactElement | null {
  const dialog = useInterface((state) => state.dialog);
  if (dialog?.name !== VIEWER) {
    return null;
  }
  const viewed = dialog.data as Viewed;
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) {
          closeDialog();
        }
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content className={styles["dialog"]} aria-describedby={undefined}>
          <Viewer key={JSON.stringify(viewed.place)} viewed={viewed} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
