/** What is on screen: panels, the part of the graph that is shown, looks. */

import { idsOf } from "../graph/clipboard";
import { currentDocument } from "../stores/document";
import type { SidePanel } from "../stores/interface";
import { openDialog, toggleSidePanel, useInterface } from "../stores/interface";
import { currentFlow, motionTime, showNodes } from "../stores/view";
import type { Action } from "./action";

const PANELS: readonly (readonly [SidePanel, string])[] = [
  ["nodes", "N"],
  ["templates", "T"],
  ["queue", "Q"],
  ["history", "Y"],
  ["files", "W"],
];

export function toggleInspector(): void {
  useInterface.setState(({ isInspectorOpen }) => ({ isInspectorOpen: !isInspectorOpen }));
}

export function showAll(): void {
  showNodes(idsOf(currentDocument()));
}

function panelAction([panel, key]: readonly [SidePanel, string]): Action {
  return {
    id: `view.${panel}`,
    label: `view.panel.${panel}`,
    group: "view",
    shortcuts: [key],
    isOn: () => useInterface.getState().sidePanel === panel,
    run: () => {
      toggleSidePanel(panel);
    },
  };
}

export const viewActions: readonly Action[] = [
  ...PANELS.map(panelAction),
  {
    id: "view.inspector",
    label: "view.panel.inspector",
    group: "view",
    shortcuts: ["I"],
    isOn: () => useInterface.getState().isInspectorOpen,
    run: toggleInspector,
  },
  {
    id: "view.all",
    label: "view.all",
    group: "view",
    shortcuts: ["Home"],
    run: showAll,
  },
  {
    id: "view.selection",
    label: "view.selection",
    group: "view",
    shortcuts: ["."],
    run: () => {
      const { selection } = useInterface.getState();
      showNodes(selection.size > 0 ? [...selection] : idsOf(currentDocument()));
    },
  },
  {
    id: "view.in",
    label: "view.in",
    group: "view",
    shortcuts: ["+"],
    run: () => void currentFlow()?.zoomIn({ duration: motionTime() }),
  },
  {
    id: "view.out",
    label: "view.out",
    group: "view",
    shortcuts: ["-"],
    run: () => void currentFlow()?.zoomOut({ duration: motionTime() }),
  },
  {
    id: "view.actualSize",
    label: "view.actualSize",
    group: "view",
    shortcuts: ["Shift+0"],
    run: () => void currentFlow()?.zoomTo(1, { duration: motionTime() }),
  },
  {
    id: "view.minimap",
    label: "view.minimap",
    group: "view",
    isOn: () => useInterface.getState().isMinimapShown,
    run: () => {
      useInterface.setState(({ isMinimapShown }) => ({ isMinimapShown: !isMinimapShown }));
    },
  },
  {
    id: "view.snapping",
    label: "view.snapping",
    group: "view",
    isOn: () => useInterface.getState().isSnapping,
    run: () => {
      useInterface.setState(({ isSnapping }) => ({ isSnapping: !isSnapping }));
    },
  },
  {
    id: "view.theme",
    label: "view.theme",
    group: "view",
    run: () => {
      const isDark = document.documentElement.dataset["theme"] === "dark";
      useInterface.setState({ theme: isDark ? "light" : "dark" });
    },
  },
  {
    id: "view.templates.all",
    label: "view.templates",
    group: "add",
    shortcuts: ["Shift+T"],
    run: () => {
      openDialog("templates");
    },
  },
  {
    id: "view.settings",
    label: "view.settings",
    group: "view",
    shortcuts: ["Mod+,"],
    run: () => {
      openDialog("settings");
    },
  },
];
