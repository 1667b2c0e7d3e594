import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { closeDialog } from "../stores/interface";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./DialogFrame.module.css";

interface Props {
  readonly title: string;
  /** "small" for a few sentences, "medium" for a page, "large" for as much as there is room. */
  readonly size: "small" | "medium" | "large";
  readonly children: ReactNode;
}

/** A dialog in the middle of the screen; Escape and a click beside it close it. */
export function DialogFrame({ title, size, children }: Props): ReactElement {
  const t = useTexts();
  return (
    <Dialog.Root open onOpenChange={closeDialog}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content
          className={styles["dialog"]}
          data-size={size}
          aria-describedby={undefined}
          onOpenAutoFocus={focusFirst}
        >
          <header className={styles["header"]}>
            <Dialog.Title className={styles["title"]}>{title}</Dialog.Title>
            <Dialog.Close asChild>
              <button
                type="button"
                className={controls["icon"]}
                aria-label={t("panel.close", { name: title })}
              >
                <X size={16} aria-hidden="true" />
              </button>
            </Dialog.Close>
          </header>
          <div className={styles["content"]}>{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The field that the dialog is about, or the dialog as a whole: not the button that closes it. */
function focusFirst(event: Event): void {
  const dialog = event.currentTarget;
  if (dialog instanceof HTMLElement) {
    event.preventDefault();
    (dialog.querySelector<HTMLElement>("[data-autofocus]") ?? dialog).focus();
  }
}
