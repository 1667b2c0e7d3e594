import type { ReactElement } from "react";
import { DialogFrame } from "../../app/DialogFrame";
import { useInterface } from "../../stores/interface";
import { useTexts } from "../../texts/texts";
import { TemplateBrowser } from "./TemplateBrowser";

/** All templates with large pictures. */
export function TemplatesDialog(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.dialog?.name === "templates");
  return isOpen ? (
    <DialogFrame title={t("templates.title")} size="large">
      <TemplateBrowser isLarge />
    </DialogFrame>
  ) : null;
}
