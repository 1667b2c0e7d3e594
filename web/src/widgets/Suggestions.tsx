import { Popover } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import type { Option } from "./options";
import { OptionList } from "./OptionList";
import styles from "./options.module.css";

interface SuggestionsProps {
  readonly id: string;
  readonly label: string;
  readonly isOpen: boolean;
  readonly options: readonly Option[];
  readonly active: number;
  readonly chosen: string;
  readonly none: string;
  readonly onPick: (option: Option) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Options below a field that keeps the focus and the keys. */
export function Suggestions({
  isOpen,
  onClose,
  children,
  ...list
}: SuggestionsProps): ReactElement {
  return (
    <Popover.Root open={isOpen}>
      <Popover.Anchor asChild>{children}</Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className={styles["popover"]}
          align="start"
          sideOffset={4}
          role="presentation"
          onOpenAutoFocus={(event) => {
            event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
          }}
          onInteractOutside={onClose}
        >
          <OptionList {...list} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
