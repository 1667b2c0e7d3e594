import type { ReactElement } from "react";
import { PaletteDialog } from "../panels/palette/PaletteDialog";

/** Every dialog there is, one line each; each looks for itself whether it is open. */
export function Dialogs(): ReactElement {
  return (
    <>
      <PaletteDialog />
    </>
  );
}
