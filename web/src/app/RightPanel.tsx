import type { ReactElement } from "react";
import { Inspector } from "../panels/inspector/Inspector";
import { useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { PanelFrame } from "./PanelFrame";

/** The panel on the right: the inspector. */
export function RightPanel(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.isInspectorOpen);
  return isOpen ? (
    <PanelFrame side="right" title={t("panel.inspector")}>
      <Inspector />
    </PanelFrame>
  ) : null;
}
