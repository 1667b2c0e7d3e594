import { Dialog } from "radix-ui";
import type { ReactElement } from "react";
import { closeDialog, useInterface } from "../../stores/interface";
import { useTexts } from "../../texts/texts";
import styles from "./compare.module.css";
import { CompareRuns } from "./CompareRuns";

/** Two runs beside each other: their pictures, and what differs between their graphs. */
export function CompareDialog(): ReactElement {
  const t = useTexts();
  const dialog = useInterface((state) => (state.dialog?.name === "compare" ? state.dialog : null));
  const pair = dialog?.data as { readonly left: string; readonly right: string } | undefined;
  return (
    <Dialog.Root
      open={pair !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) {
          closeDialog();
        }
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content className={styles["dialog"]} aria-describedby={undefined}>
          <Dialog.Title className={styles["title"]}>{t("compare.title")}</Dialog.Title>
          {pair === undefined ? null : <CompareRuns left={pair.left} right={pair.right} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
