import { beforeEach, describe, expect, it } from "vitest";
import { useRun } from "../../src/stores/run";
import { endTour, goBack, goOn, keepTour, startTour, useTour } from "../../src/stores/tour";

beforeEach(() => {
  localStorage.clear();
  useTour.setState({ step: null, isFirstVisit: false });
  useRun.setState({ job: null });
});

function visit(): void {
  const stop = keepTour();
  stop();
}

describe("the tour", () => {
  it("begins on the first visit", () => {
    visit();
    expect(useTour.getState()).toEqual({ step: "run", isFirstVisit: true });
  });

  it("never comes back once it is dismissed", () => {
    visit();
    endTour();
    expect(useTour.getState()).toEqual({ step: null, isFirstVisit: false });
    visit();
    expect(useTour.getState()).toEqual({ step: null, isFirstVisit: false });
  });

  it("goes on, back, and ends after the last step", () => {
    visit();
    goBack();
    expect(useTour.getState().step).toBe("run");
    goOn();
    goOn();
    goBack();
    expect(useTour.getState().step).toBe("prompt");
    for (const step of ["state", "add", null]) {
      goOn();
      expect(useTour.getState().step).toBe(step);
    }
    visit();
    expect(useTour.getState().step).toBeNull();
  });

  it("takes a run as the first step done", () => {
    const stop = keepTour();
    useRun.setState({ job: { id: "1", status: "in_progress", startedAt: 0 } });
    expect(useTour.getState()).toEqual({ step: "prompt", isFirstVisit: false });
    useRun.setState({ job: { id: "2", status: "in_progress", startedAt: 0 } });
    expect(useTour.getState().step).toBe("prompt");
    stop();
  });

  it("can be taken again", () => {
    endTour();
    startTour();
    expect(useTour.getState()).toEqual({ step: "run", isFirstVisit: false });
  });
});
