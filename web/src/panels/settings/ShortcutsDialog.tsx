import type { ReactElement } from "react";
import { Fragment } from "react";
import { ACTIONS } from "../../actions/all";
import { GROUPS } from "../../actions/groups";
import { shownShortcut } from "../../actions/shortcuts";
import { DialogFrame } from "../../app/DialogFrame";
import { useInterface } from "../../stores/interface";
import type { TextKey } from "../../texts/texts";
import { useTexts } from "../../texts/texts";
import styles from "./Shortcuts.module.css";

/** What is done by hand, not by a key. */
function gestures(dragPans: boolean): readonly (readonly [TextKey, TextKey])[] {
  return [
    ["shortcuts.pan", dragPans ? "shortcuts.dragKeys" : "shortcuts.panKeys"],
    ["shortcuts.zoom", "shortcuts.zoomKeys"],
    ["shortcuts.box", dragPans ? "shortcuts.shiftDragKeys" : "shortcuts.dragKeys"],
    ["shortcuts.addTo", "shortcuts.addToKeys"],
    ["shortcuts.palette", "shortcuts.paletteKeys"],
  ];
}

/** All keys, as the actions say. */
export function ShortcutsDialog(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.dialog?.name === "shortcuts");
  const dragPans = useInterface((state) => state.dragPans);
  if (!isOpen) {
    return null;
  }
  const keys = {
    mod: shownShortcut("Mod"),
    key: shownShortcut("Space"),
    shift: shownShortcut("Shift"),
  };
  return (
    <DialogFrame title={t("shortcuts.title")} size="large">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that keys scroll it */}
      <div className={styles["sheet"]} tabIndex={0} role="group" data-autofocus>
        {GROUPS.map((group) => (
          <Group key={group} group={group} />
        ))}
        <section className={styles["group"]}>
          <h3>{t("shortcuts.canvas")}</h3>
          <dl>
            {gestures(dragPans).map(([label, by]) => (
              <Fragment key={label}>
                <dt>{t(label)}</dt>
                <dd>{t(by, keys)}</dd>
              </Fragment>
            ))}
          </dl>
        </section>
      </div>
    </DialogFrame>
  );
}

function Group({ group }: { readonly group: (typeof GROUPS)[number] }): ReactElement | null {
  const t = useTexts();
  const actions = ACTIONS.filter(
    (action) => action.group === group && (action.shortcuts?.length ?? 0) > 0,
  );
  return actions.length === 0 ? null : (
    <section className={styles["group"]}>
      <h3>{t(`group.${group}`)}</h3>
      <dl>
        {actions.map((action) => (
          <Fragment key={action.id}>
            <dt>{t(action.label)}</dt>
            <dd>
              {(action.shortcuts ?? []).slice(0, 2).map((shortcut) => (
                <kbd key={shortcut}>{shownShortcut(shortcut)}</kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
