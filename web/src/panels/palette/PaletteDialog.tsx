import { Dialog } from "radix-ui";
import type { ReactElement } from "react";
import { useCallback } from "react";
import { addNodeAt } from "../../actions/add";
import type { NodeType } from "../../catalogue/types";
import { closeDialog, useInterface } from "../../stores/interface";
import { noteUse } from "../../stores/palette";
import { placeAt } from "../../stores/view";
import { useTexts } from "../../texts/texts";
import { PaletteSearch } from "./PaletteSearch";
import styles from "./PaletteDialog.module.css";
import type { PaletteRequest } from "./request";
import { isPaletteRequest } from "./request";

const EDGE = 8;

/** Search for a node where the pointer is, and add it there. */
export function PaletteDialog(): ReactElement | null {
  const dialog = useInterface((state) => state.dialog);
  if (dialog?.name !== "palette" || !isPaletteRequest(dialog.data)) {
    return null;
  }
  return <OpenPalette request={dialog.data} />;
}

function OpenPalette({ request }: { readonly request: PaletteRequest }): ReactElement {
  const t = useTexts();
  // As a ref: the portal is there later than this component.
  const putInPlace = useCallback(
    (frame: HTMLDivElement | null) => {
      if (frame !== null) {
        const { width, height } = frame.getBoundingClientRect();
        frame.style.left = `${within(request.x - 24, width, window.innerWidth)}px`;
        frame.style.top = `${within(request.y - 20, height, window.innerHeight)}px`;
      }
    },
    [request],
  );
  const pick = (type: NodeType): void => {
    closeDialog();
    if (request.onPick === undefined) {
      addNodeAt(type.id, placeAt(request));
    } else {
      noteUse(type.id);
      request.onPick(type);
    }
  };
  return (
    <Dialog.Root open onOpenChange={closeDialog}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content ref={putInPlace} className={styles["palette"]} aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{t("palette.title")}</Dialog.Title>
          <PaletteSearch fits={request.fits} onPick={pick} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function within(wanted: number, size: number, most: number): number {
  return Math.max(EDGE, Math.min(wanted, most - size - EDGE));
}
