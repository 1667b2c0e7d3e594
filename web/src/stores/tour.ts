/** The tour of the first visit: where somebody is in it, and whether they have seen enough. */

import { create } from "zustand";
import { useRun } from "./run";

export const TOUR_STEPS = ["run", "prompt", "state", "add"] as const;
export type TourStep = (typeof TOUR_STEPS)[number];

export interface TourState {
  readonly step: TourStep | null;
  /** Nothing has ever run here: the button for it may be pointed out. */
  readonly isFirstVisit: boolean;
}

const KEY = "blockloom.tour";
/** Kept for good once the tour was ended or dismissed. */
const DONE = "done";

export const useTour = create<TourState>(() => ({ step: null, isFirstVisit: false }));

/** Begin on a first visit; returns a function that ends what goes on meanwhile. */
export function keepTour(): () => void {
  if (readKept() !== DONE) {
    useTour.setState({ step: TOUR_STEPS[0], isFirstVisit: true });
  }
  return useRun.subscribe((state, before) => {
    const isStart = state.job?.status === "in_progress" && before.job?.id !== state.job.id;
    if (isStart) {
      useTour.setState({ isFirstVisit: false });
      if (useTour.getState().step === "run") {
        goOn();
      }
    }
  });
}

/** From the beginning, as often as somebody likes. */
export function startTour(): void {
  useTour.setState({ step: TOUR_STEPS[0] });
}

export function goOn(): void {
  const next = stepAfter(useTour.getState().step, 1);
  if (next === undefined) {
    endTour();
  } else {
    useTour.setState({ step: next });
  }
}

export function goBack(): void {
  const before = stepAfter(useTour.getState().step, -1);
  if (before !== undefined) {
    useTour.setState({ step: before });
  }
}

/** Once dismissed it never comes back by itself. */
export function endTour(): void {
  useTour.setState({ step: null, isFirstVisit: false });
  try {
    localStorage.setItem(KEY, DONE);
  } catch {
    // A browser that keeps nothing shows the tour again.
  }
}

function stepAfter(step: TourStep | null, by: 1 | -1): TourStep | undefined {
  return step === null ? undefined : TOUR_STEPS[TOUR_STEPS.indexOf(step) + by];
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
