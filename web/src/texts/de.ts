/** The German texts; loaded only where German is spoken. */

import { appTexts } from "./de/app";
import { canvasTexts } from "./de/canvas";
import { controlTexts } from "./de/controls";
import { editTexts } from "./de/edit";
import { fileTexts } from "./de/files";
import { gestureTexts } from "./de/gestures";
import { maskTexts } from "./de/masks";
import { mediaTexts } from "./de/media";
import { paletteTexts } from "./de/palette";
import { problemTexts } from "./de/problems";
import { runTexts } from "./de/run";
import { settingsTexts } from "./de/settings";
import { stateTexts } from "./de/state";
import { templateTexts } from "./de/templates";
import { tourTexts } from "./de/tour";
import { wireTexts } from "./de/wires";
import type { en } from "./en";
import type { Like } from "./language";

export const de: Like<typeof en> = {
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
