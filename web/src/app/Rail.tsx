import { Blocks, Clock, FolderOpen, LayoutTemplate, ListOrdered } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import type { SidePanel } from "../stores/interface";
import { toggleSidePanel, useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import styles from "./Rail.module.css";

const ENTRIES: readonly (readonly [SidePanel, LucideIcon])[] = [
  ["nodes", Blocks],
  ["templates", LayoutTemplate],
  ["queue", ListOrdered],
  ["history", Clock],
  ["files", FolderOpen],
];

/** The icons on the left: each opens and closes a side panel. */
export function Rail(): ReactElement {
  const t = useTexts();
  const open = useInterface((state) => state.sidePanel);
  return (
    <nav className={styles["rail"]} aria-label={t("app.panels")}>
      {ENTRIES.map(([panel, Icon]) => (
        <button
          key={panel}
          type="button"
          className={styles["entry"]}
          aria-pressed={open === panel}
          data-panel={panel}
          onClick={() => {
            toggleSidePanel(panel);
          }}
        >
          <Icon size={18} aria-hidden="true" />
          <span>{t(`panel.${panel}`)}</span>
        </button>
      ))}
    </nav>
  );
}
