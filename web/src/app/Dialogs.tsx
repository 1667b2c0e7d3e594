import type { ReactElement } from "react";
import { Suspense } from "react";
import { CommandsDialog } from "../panels/commands/CommandsDialog";
import { PaletteDialog } from "../panels/palette/PaletteDialog";
import { useInterface } from "../stores/interface";
import { late } from "./late";

/** Dialogs by name, one line each; what is typed right after its key is there from the start. */
const LATE = {
  link: late(async () => (await import("../canvas/LinkDialog")).LinkDialog),
  saveAs: late(async () => (await import("../panels/files/SaveDialog")).SaveDialog),
  compare: late(async () => (await import("../panels/history/CompareDialog")).CompareDialog),
  mask: late(async () => (await import("../masks/MaskDialog")).MaskDialog),
  templates: late(
    async () => (await import("../panels/templates/TemplatesDialog")).TemplatesDialog,
  ),
  shortcuts: late(async () => (await import("../panels/settings/ShortcutsDialog")).ShortcutsDialog),
  settings: late(async () => (await import("../panels/settings/SettingsDialog")).SettingsDialog),
  about: late(async () => (await import("../panels/settings/AboutDialog")).AboutDialog),
  viewer: late(async () => (await import("../panels/viewer/ViewerDialog")).ViewerDialog),
} as const;

/** Every dialog there is; each looks for itself whether it is open. */
export function Dialogs(): ReactElement {
  const name = useInterface((state) => state.dialog?.name ?? "");
  const Late = name in LATE ? LATE[name as keyof typeof LATE] : undefined;
  return (
    <>
      <PaletteDialog />
      <CommandsDialog />
      {Late === undefined ? null : (
        <Suspense fallback={null}>
          <Late />
        </Suspense>
      )}
    </>
  );
}
