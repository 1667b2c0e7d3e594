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
const GESTURES: readonly (readonly [TextKey, TextKey])[] = [
  ["shortcuts.pan", "shortcuts.panKeys"],
  ["shortcuts.zoom", "shortcuts.zoomKeys"],
  ["shortcuts.box", "shortcuts.boxKeys"],
  ["shortcuts.addTo", "shortcuts.addToKeys"],
  ["shortcuts.palette", "shortcuts.paletteKeys"],
];

/** All keys, as the actions say. */
export function ShortcutsDialog(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.dialog?.name === "shortcuts");
  if (!isOpen) {
    return null;
  }
  const mod = shownShortcut("Mod");
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
            {GESTURES.map(([label, keys]) => (
              <Fragment key={label}>
                <dt>{t(label)}</dt>
                <dd>{t(keys, { mod })}</dd>
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
