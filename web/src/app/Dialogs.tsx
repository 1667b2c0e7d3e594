import type { ReactElement } from "react";
import { MaskDialog } from "../masks/MaskDialog";
import { CompareDialog } from "../panels/history/CompareDialog";
import { LinkDialog } from "../canvas/LinkDialog";
import { SaveDialog } from "../panels/files/SaveDialog";
import { PaletteDialog } from "../panels/palette/PaletteDialog";
import { CommandsDialog } from "../panels/commands/CommandsDialog";
import { AboutDialog } from "../panels/settings/AboutDialog";
import { SettingsDialog } from "../panels/settings/SettingsDialog";
import { ShortcutsDialog } from "../panels/settings/ShortcutsDialog";
import { TemplatesDialog } from "../panels/templates/TemplatesDialog";
import { ViewerDialog } from "../panels/viewer/ViewerDialog";

/** Every dialog there is, one line each; each looks for itself whether it is open. */
export function Dialogs(): ReactElement {
  return (
    <>
      <LinkDialog />
      <PaletteDialog />
      <SaveDialog />
      <CompareDialog />
      <MaskDialog />
      <TemplatesDialog />
      <CommandsDialog />
      <ShortcutsDialog />
      <SettingsDialog />
      <AboutDialog />
      <ViewerDialog />
    </>
  );
}
