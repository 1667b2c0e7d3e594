import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilLoaded } from "../../src/app/late";
import { useConnection } from "../../src/stores/connection";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  useConnection.setState({ reach: "fine" });
});

it("asks again for a part of the editor until the server is back", async () => {
  useConnection.setState({ reach: "lost" });
  const load = vi.fn<() => Promise<string>>();
  load.mockRejectedValueOnce(new TypeError("away"));
  load.mockRejectedValueOnce(new TypeError("away"));
  load.mockResolvedValue("there");
  const found = untilLoaded(load);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await found).toBe("there");
  expect(load).toHaveBeenCalledTimes(3);
});

it("gives up on a part that fails while the server is there", async () => {
  useConnection.setState({ reach: "fine" });
  const load = vi.fn(() => Promise.reject(new Error("broken")));
  const found = untilLoaded(load);
  const refused = expect(found).rejects.toThrow("broken");
  await vi.advanceTimersByTimeAsync(10_000);
  await refused;
  expect(load).toHaveBeenCalledTimes(2);
});
