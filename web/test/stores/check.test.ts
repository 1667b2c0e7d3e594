import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepChecking, useCheck } from "../../src/stores/check";
import { receiveEvent, useRun } from "../../src/stores/run";

const asked = vi.fn<(path: string) => Promise<Response>>(() => new Promise(() => {}));
const before = useRun.getState();
let stop = (): void => {};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  stop = keepChecking();
  vi.runAllTimers();
  asked.mockClear();
});

afterEach(() => {
  stop();
  useRun.setState(before, true);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("asks again as nodes end: those look fresh no more", () => {
  useCheck.setState({ fresh: new Set(["a", "b"]) });
  receiveEvent({ type: "execution_start", data: { prompt_id: "1", timestamp: 0 } });
  vi.runAllTimers();
  expect(asked).not.toHaveBeenCalled();
  receiveEvent({
    type: "block_state",
    data: { prompt_id: "1", node: "a", seconds: 1, warnings: [] },
  });
  expect([...useCheck.getState().fresh]).toEqual(["b"]);
  receiveEvent({ type: "progress", data: { prompt_id: "1", node: "b", value: 1, max: 9 } });
  vi.runAllTimers();
  expect(asked.mock.calls.map(([path]) => path)).toEqual(["/blockloom/check"]);
});
