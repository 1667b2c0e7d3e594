import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";
import { ACTIONS } from "../actions/all";
import type { Action } from "../actions/action";
import { shownShortcut } from "../actions/shortcuts";
import { changeGroup } from "./groupColours";
import { GROUP_COLOURS } from "./groupColours";
import { useDocument } from "../stores/document";
import type { CanvasMenu as Menu } from "../stores/gesture";
import { closeMenu, useGesture } from "../stores/gesture";
import { select, useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import styles from "./CanvasMenu.module.css";
import { sectionsOf } from "./menus";
import { useEffect } from "react";

/** The menu of whatever was asked for it: drawn from the actions there are. */
export function CanvasMenu(): ReactElement | null {
  const menu = useGesture((state) => state.menu);
  return menu === null ? null : (
    <OpenMenu key={`${menu.id} ${menu.at.x} ${menu.at.y}`} menu={menu} />
  );
}

function OpenMenu({ menu }: { readonly menu: Menu }): ReactElement {
  const t = useTexts();
  useEffect(() => {
    // What is asked about is what actions work on.
    if (menu.id !== "" && !useInterface.getState().selection.has(menu.id)) {
      select([menu.id]);
    }
  }, [menu]);
  return (
    <DropdownMenu.Root
      open
      modal={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) {
          closeMenu();
        }
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span className={styles["anchor"]} style={{ left: menu.at.x, top: menu.at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles["menu"]}
          aria-label={t(`menu.${menu.kind}`)}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
          }}
        >
          {sectionsOf(menu, ACTIONS).map((actions, index) => (
            <DropdownMenu.Group key={index} className={styles["section"]}>
              {actions.map((action) => (
                <ActionItem key={action.id} action={action} />
              ))}
            </DropdownMenu.Group>
          ))}
          {menu.kind === "group" ? <Colours id={menu.id} /> : null}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function ActionItem({ action }: { readonly action: Action }): ReactElement {
  const t = useTexts();
  const [shortcut] = action.shortcuts ?? [];
  if (action.isOn !== undefined) {
    return (
      <DropdownMenu.CheckboxItem
        className={styles["item"]}
        checked={action.isOn()}
        onCheckedChange={() => void action.run()}
      >
        <span>{t(action.label)}</span>
        <DropdownMenu.ItemIndicator>
          <Check size={14} aria-hidden="true" />
        </DropdownMenu.ItemIndicator>
      </DropdownMenu.CheckboxItem>
    );
  }
  return (
    <DropdownMenu.Item
      className={styles["item"]}
      disabled={action.isEnabled?.() === false}
      onSelect={() => void action.run()}
    >
      <span>{t(action.label)}</span>
      {shortcut === undefined ? null : <kbd>{shownShortcut(shortcut)}</kbd>}
    </DropdownMenu.Item>
  );
}

/** The colours a group can have, in one line. */
function Colours({ id }: { readonly id: string }): ReactElement {
  const t = useTexts();
  const chosen = useDocument((state) => state.document.groups[id]?.colour ?? "grey");
  return (
    <DropdownMenu.RadioGroup
      className={styles["colours"]}
      aria-label={t("menu.colour")}
      value={chosen}
      onValueChange={(colour) => {
        changeGroup(id, { colour });
      }}
    >
      {GROUP_COLOURS.map((colour) => (
        <DropdownMenu.RadioItem
          key={colour}
          value={colour}
          className={styles["colour"]}
          aria-label={t(`colour.${colour}`)}
          title={t(`colour.${colour}`)}
          style={{ ["--tint" as string]: `var(--group-${colour})` }}
        />
      ))}
    </DropdownMenu.RadioGroup>
  );
}
