/** What the inspector shows, and which nodes show their block state on the canvas. */

import { create } from "zustand";
import { persist } from "zustand/middleware";

export const INSPECTOR_TABS = ["values", "state", "steps", "info"] as const;
export type InspectorTab = (typeof INSPECTOR_TABS)[number];

export interface InspectState {
  readonly tab: InspectorTab;
  /** Whether nodes show their block state; ``exceptions`` are those that do otherwise. */
  readonly areStatesShown: boolean;
  readonly exceptions: ReadonlySet<string>;
  /** Which value of a loop's steps is drawn; "" for the most telling one. */
  readonly stepPicture: string;
}

export const useInspect = create<InspectState>()(
  persist(
    (): InspectState => ({
      tab: "values",
      areStatesShown: true,
      exceptions: new Set<string>(),
      stepPicture: "",
    }),
    {
      name: "blockloom.inspect",
      partialize: ({ tab, areStatesShown, stepPicture }) => ({ tab, areStatesShown, stepPicture }),
    },
  ),
);

export function showTab(tab: InspectorTab): void {
  useInspect.setState({ tab });
}

/** Show or fold the block states of all nodes. */
export function toggleStates(): void {
  useInspect.setState(({ areStatesShown }) => ({
    areStatesShown: !areStatesShown,
    exceptions: new Set<string>(),
  }));
}

/** Show or fold the block states of some nodes. */
export function toggleStatesOf(ids: Iterable<string>): void {
  useInspect.setState(({ exceptions }) => {
    const next = new Set(exceptions);
    for (const id of ids) {
      if (!next.delete(id)) {
        next.add(id);
      }
    }
    return { exceptions: next };
  });
}

export function isStateShown(state: InspectState, id: string): boolean {
  return state.areStatesShown !== state.exceptions.has(id);
}
