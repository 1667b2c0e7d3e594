import type { ComponentType, ReactElement } from "react";
import { NodesPanel } from "../panels/palette/NodesPanel";
import type { SidePanel as PanelName } from "../stores/interface";
import { useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { PanelFrame } from "./PanelFrame";

/** What is in the side panels, one line each. */
const PANELS: Readonly<Partial<Record<PanelName, ComponentType>>> = {
  nodes: NodesPanel,
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
