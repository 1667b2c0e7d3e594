/** How graphs are run from here. */

import { create } from "zustand";
import { persist } from "zustand/middleware";

export interface RunSettings {
  /** Run again, a moment after each change. */
  readonly runsOnChange: boolean;
}

export const useRunSettings = create<RunSettings>()(
  persist((): RunSettings => ({ runsOnChange: false }), { name: "blockloom.running" }),
);
