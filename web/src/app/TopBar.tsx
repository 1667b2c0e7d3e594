import { PanelRight, Redo2, Search, Undo2 } from "lucide-react";
import type { ReactElement } from "react";
import { toggleCommands } from "../actions/help";
import { shownShortcut } from "../actions/shortcuts";
import { toggleInspector } from "../actions/view";
import { GraphName } from "../panels/files/GraphName";
import { RunButton } from "../panels/running/RunButton";
import { redo, undo, useDocument } from "../stores/document";
import { useInterface } from "../stores/interface";
import { hasText, useTexts } from "../texts/texts";
import { IconButton } from "./IconButton";
import { Logo } from "./Logo";
import { MainMenu } from "./MainMenu";
import { ProblemList } from "./ProblemList";
import styles from "./TopBar.module.css";

/** Along the upper edge: menu, the graph's name, undo, what is wrong with the graph, run. */
export function TopBar(): ReactElement {
  const t = useTexts();
  const isInspectorOpen = useInterface((state) => state.isInspectorOpen);
  return (
    <header className={styles["bar"]}>
      <MainMenu />
      <h1 className={styles["brand"]}>
        <Logo size={22} />
        <span>Blockloom</span>
      </h1>
      <span className={styles["line"]} aria-hidden="true" />
      <GraphName />
      <UndoButtons />
      <span className={styles["space"]} />
      <button type="button" className={styles["search"]} onClick={toggleCommands}>
        <Search size={14} aria-hidden="true" />
        <span>{t("help.commands")}</span>
        <kbd>{shownShortcut("Mod+K")}</kbd>
      </button>
      <span className={styles["space"]} />
      <ProblemList />
      <RunButton />
      <span className={styles["line"]} aria-hidden="true" />
      <IconButton
        label={t("panel.inspector")}
        shortcut="I"
        icon={PanelRight}
        isOn={isInspectorOpen}
        tour="inspector-toggle"
        onPress={toggleInspector}
      />
    </header>
  );
}

function UndoButtons(): ReactElement {
  const t = useTexts();
  const undone = useDocument((state) => state.past.at(-1)?.label);
  const redone = useDocument((state) => state.future.at(-1)?.label);
  const named = (label: string, step: string | undefined): string =>
    step !== undefined && hasText(step) ? `${label}: ${t(step)}` : label;
  return (
    <span className={styles["pair"]}>
      <IconButton
        label={t("edit.undo")}
        hint={named(t("edit.undo"), undone)}
        shortcut="Mod+Z"
        icon={Undo2}
        isDisabled={undone === undefined}
        onPress={undo}
      />
      <IconButton
        label={t("edit.redo")}
        hint={named(t("edit.redo"), redone)}
        shortcut="Mod+Shift+Z"
        icon={Redo2}
        isDisabled={redone === undefined}
        onPress={redo}
      />
    </span>
  );
}
