import type { ComponentType, ReactElement } from "react";
import { Suspense } from "react";
import type { SidePanel as PanelName } from "../stores/interface";
import { useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { late } from "./late";
import { PanelFrame } from "./PanelFrame";

/** What is in the side panels, one line each. */
const PANELS: Readonly<Record<PanelName, ComponentType>> = {
  nodes: late(async () => (await import("../panels/palette/NodesPanel")).NodesPanel),
  templates: late(async () => (await import("../panels/templates/TemplatesPanel")).TemplatesPanel),
  queue: late(async () => (await import("../panels/queue/QueuePanel")).QueuePanel),
  history: late(async () => (await import("../panels/history/HistoryPanel")).HistoryPanel),
  files: late(async () => (await import("../panels/files/FilesPanel")).FilesPanel),
};

/** The panel beside the icon rail; nothing where all are closed. */
export function SidePanel(): ReactElement | null {
  const t = useTexts();
  const panel = useInterface((state) => state.sidePanel);
  if (panel === null) {
    return null;
  }
  const Content = PANELS[panel];
  return (
    <PanelFrame side="left" title={t(`panel.${panel}`)}>
      <Suspense fallback={null}>
        <Content />
      </Suspense>
    </PanelFrame>
  );
}
