import type { ReactElement } from "react";
import { Suspense } from "react";
import { useInterface } from "../stores/interface";
import { useTexts } from "../texts/texts";
import { late } from "./late";
import { PanelFrame } from "./PanelFrame";

const Inspector = late(async () => (await import("../panels/inspector/Inspector")).Inspector);

/** The panel on the right: the inspector. */
export function RightPanel(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.isInspectorOpen);
  return isOpen ? (
    <PanelFrame side="right" title={t("panel.inspector")}>
      <Suspense fallback={null}>
        <Inspector />
      </Suspense>
    </PanelFrame>
  ) : null;
}
