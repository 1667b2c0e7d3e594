/** The English texts: what a key says in every other language is said here first. */

import { appTexts } from "./en/app";
import { canvasTexts } from "./en/canvas";
import { controlTexts } from "./en/controls";
import { editTexts } from "./en/edit";
import { fileTexts } from "./en/files";
import { gestureTexts } from "./en/gestures";
import { maskTexts } from "./en/masks";
import { mediaTexts } from "./en/media";
import { paletteTexts } from "./en/palette";
import { problemTexts } from "./en/problems";
import { runTexts } from "./en/run";
import { settingsTexts } from "./en/settings";
import { stateTexts } from "./en/state";
import { templateTexts } from "./en/templates";
import { tourTexts } from "./en/tour";
import { wireTexts } from "./en/wires";

export const en = {
  ...appTexts,
  ...canvasTexts,
  ...controlTexts,
  ...editTexts,
  ...fileTexts,
  ...gestureTexts,
  ...maskTexts,
  ...mediaTexts,
  ...paletteTexts,
  ...problemTexts,
  ...runTexts,
  ...settingsTexts,
  ...stateTexts,
  ...templateTexts,
  ...tourTexts,
  ...wireTexts,
};
