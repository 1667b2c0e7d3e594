import type { ReactElement } from "react";
import { Suspense, useEffect } from "react";
import { useTour } from "../stores/tour";
import { late } from "./late";

const TourStop = late(async () => (await import("./TourStop")).TourStop);

/** The tour: a few words beside what they are about. It is never in the way of anything. */
export function Tour(): ReactElement | null {
  const step = useTour((state) => state.step);
  const isFirstVisit = useTour((state) => state.isFirstVisit);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-first-visit", isFirstVisit);
  }, [isFirstVisit]);
  return step === null ? null : (
    <Suspense fallback={null}>
      <TourStop key={step} step={step} />
    </Suspense>
  );
}
