import type { ComponentType, ReactElement } from "react";
import { useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { PanelFrame } from "./PanelFrame";

/** What is in the panel on the right: the inspector. */
const CONTENT: ComponentType | null = null;

export function RightPanel(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.isInspectorOpen);
  const Content = CONTENT as ComponentType | null;
  if (!isOpen || Content === null) {
    return null;
  }
  return (
    <PanelFrame side="right" title={t("panel.inspector")}>
      <Content />
    </PanelFrame>
  );
}
