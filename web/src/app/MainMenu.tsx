import { Check, ChevronRight, Menu } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";
import type { Action } from "../actions/action";
import { ACTIONS } from "../actions/all";
import { GROUPS } from "../actions/groups";
import { shownShortcut } from "../actions/shortcuts";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import { afterClosing } from "./afterClosing";
import styles from "./Menu.module.css";

/** Everything there is to do, by group, as the actions say. */
export function MainMenu(): ReactElement {
  const t = useTexts();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={controls["icon"]} aria-label={t("app.menu")}>
        <Menu size={17} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles["menu"]} align="start" sideOffset={7}>
          {GROUPS.map((group) => (
            <GroupMenu key={group} group={group} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function GroupMenu({ group }: { readonly group: Action["group"] }): ReactElement | null {
  const t = useTexts();
  const actions = ACTIONS.filter((action) => action.group === group);
  if (actions.length === 0) {
    return null;
  }
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={styles["item"]}>
        <span>{t(`group.${group}`)}</span>
        <ChevronRight size={14} aria-hidden="true" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className={styles["menu"]} sideOffset={7} collisionPadding={8}>
          {actions.map((action) => (
            <ActionItem key={action.id} action={action} />
          ))}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}

function ActionItem({ action }: { readonly action: Action }): ReactElement {
  const t = useTexts();
  const [shortcut] = action.shortcuts ?? [];
  const content = (
    <>
      <span>{t(action.label)}</span>
      {shortcut === undefined ? null : <kbd>{shownShortcut(shortcut)}</kbd>}
    </>
  );
  const isDisabled = action.isEnabled?.() === false;
  const act = (): void => {
    afterClosing(() => void action.run());
  };
  if (action.isOn === undefined) {
    return (
      <DropdownMenu.Item className={styles["item"]} disabled={isDisabled} onSelect={act}>
        {content}
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.CheckboxItem
      className={styles["item"]}
      checked={action.isOn()}
      disabled={isDisabled}
      onSelect={act}
    >
      <DropdownMenu.ItemIndicator className={styles["check"]}>
        <Check size={13} aria-hidden="true" />
      </DropdownMenu.ItemIndicator>
      {content}
    </DropdownMenu.CheckboxItem>
  );
}
