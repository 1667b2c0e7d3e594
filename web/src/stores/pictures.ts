/** The pictures in the input folder, by name. */

import { create } from "zustand";
import { ServerError } from "../protocol/http";
import { listInputs } from "../protocol/uploads";

export const usePictures = create<{ readonly names: readonly string[] }>(() => ({ names: [] }));

/** Ask which there are; what was known stays where the server cannot be reached. */
export function refreshPictures(): void {
  listInputs("LoadImage", "image").then(
    (names) => {
      usePictures.setState({ names });
    },
    (error: unknown) => {
      if (!(error instanceof ServerError)) {
        throw error;
      }
    },
  );
}
