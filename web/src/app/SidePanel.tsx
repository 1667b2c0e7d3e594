import type { ComponentType, ReactElement } from "react";
import { FilesPanel } from "../panels/files/FilesPanel";
import { HistoryPanel } from "../panels/history/HistoryPanel";
import { NodesPanel } from "../panels/palette/NodesPanel";
import { TemplatesPanel } from "../panels/templates/TemplatesPanel";
import { QueuePanel } from "../panels/queue/QueuePanel";
import type { SidePanel as PanelName } from "../stores/interface";
import { useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { PanelFrame } from "./PanelFrame";

/** What is in the side panels, one line each. */
const PANELS: Readonly<Partial<Record<PanelName, ComponentType>>> = {
  nodes: NodesPanel,
  queue: QueuePanel,
  history: HistoryPanel,
  files: FilesPanel,
  templates: TemplatesPanel,
};

/** The panel beside the icon rail; nothing where all are closed. */
export function SidePanel(): ReactElement | null {
  const t = useTexts();
  const panel = useInterface((state) => state.sidePanel);
  const Content = panel === null ? undefined : PANELS[panel];
  if (panel === null || Content === undefined) {
    return null;
  }
  return (
    <PanelFrame side="left" title={t(`panel.${panel}`)}>
      <Content />
    </PanelFrame>
  );
}
