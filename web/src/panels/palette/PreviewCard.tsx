import { HoverCard } from "radix-ui";
import type { ReactElement } from "react";
import type { NodeType } from "../../catalogue/types";
import styles from "./NodesPanel.module.css";
import { TypeCard } from "./TypeCard";

const WAIT = 350;

/** Shows what a type is beside the panel, while the pointer rests on it or it has the focus. */
export function PreviewCard({
  type,
  children,
}: {
  readonly type: NodeType;
  readonly children: ReactElement;
}): ReactElement {
  return (
    <HoverCard.Root openDelay={WAIT} closeDelay={0}>
      <HoverCard.Trigger asChild>{children}</HoverCard.Trigger>
      <HoverCard.Portal>
        <HoverCard.Content
          className={styles["card"]}
          side="right"
          align="start"
          sideOffset={12}
          collisionPadding={10}
        >
          <TypeCard type={type} />
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  );
}
