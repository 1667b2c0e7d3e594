import { ChevronDown, Play, Square } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";
import { cancelRun, runActions, runGraph } from "../../actions/run";
import { shownShortcut } from "../../actions/shortcuts";
import { useJobs } from "../../stores/jobs";
import { useRunSettings } from "../../stores/runSettings";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import styles from "./running.module.css";
import { SeedChoice } from "./SeedChoice";

/** Run, with further ways to run behind an arrow; beside it cancel, while something runs. */
export function RunButton(): ReactElement {
  const t = useTexts();
  const isBusy = useJobs((state) => state.open.length > 0);
  return (
    <div className={styles["run"]}>
      {isBusy ? (
        <button type="button" className={controls["button"]} onClick={() => void cancelRun()}>
          <Square size={13} aria-hidden="true" />
          {t("run.cancel")}
        </button>
      ) : null}
      <div className={styles["split"]} data-tour="run">
        <button
          type="button"
          className={`${controls["primary"]} ${styles["first"]}`}
          title={`${t("run.run")} (${shownShortcut("Mod+Enter")})`}
          onClick={() => void runGraph()}
        >
          <Play size={14} aria-hidden="true" />
          {t("run.run")}
        </button>
        <RunMenu />
      </div>
    </div>
  );
}

function RunMenu(): ReactElement {
  const t = useTexts();
  const runsOnChange = useRunSettings((state) => state.runsOnChange);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={`${controls["primary"]} ${styles["second"]}`}
        aria-label={t("run.more")}
      >
        <ChevronDown size={15} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles["menu"]} align="end" sideOffset={6}>
          {runActions
            .filter(({ id }) => id !== "run.onChange")
            .map((action) => (
              <DropdownMenu.Item
                key={action.id}
                className={styles["item"]}
                disabled={action.isEnabled?.() === false}
                onSelect={() => void action.run()}
              >
                <span>{t(action.label)}</span>
                <kbd>
                  {action.shortcuts?.[0] === undefined ? "" : shownShortcut(action.shortcuts[0])}
                </kbd>
              </DropdownMenu.Item>
            ))}
          <DropdownMenu.CheckboxItem
            className={styles["item"]}
            checked={runsOnChange}
            onCheckedChange={(isOn) => {
              useRunSettings.setState({ runsOnChange: isOn });
            }}
          >
            <span>{t("run.onChange")}</span>
            <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
          </DropdownMenu.CheckboxItem>
          <DropdownMenu.Separator className={styles["separator"]} />
          <SeedChoice />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
