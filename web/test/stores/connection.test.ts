import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServerError } from "../../src/protocol/http";
import type { Reach } from "../../src/stores/connection";
import { keepConnected, patiently, useConnection } from "../../src/stores/connection";
import { useRun } from "../../src/stores/run";

const away = new ServerError(0, "unreachable", "", "", {});
const refused = new ServerError(401, "unauthorized", "This server wants its token.", "", {});
const proxied = new ServerError(502, "error", "Bad Gateway", "", {});
const broken = new ServerError(500, "no_diffusers", "diffusers is missing.", "Install it.", {});

const reach = (): Reach => useConnection.getState().reach;

beforeEach(() => {
  vi.useFakeTimers();
  useConnection.setState({ reach: "starting", failure: null });
  useRun.setState({ isConnected: false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("patiently", () => {
  it.each([
    [away, "lost", null],
    [refused, "token", null],
    [proxied, "lost", null],
    [broken, "lost", broken],
  ])("says what stands in the way, and asks again: %s", async (error, expected, failure) => {
    const ask = vi.fn<() => Promise<string>>();
    ask.mockRejectedValueOnce(error);
    ask.mockResolvedValue("answer");
    const found = patiently(ask);
    await vi.advanceTimersByTimeAsync(0);
    expect(useConnection.getState()).toEqual({ reach: expected, failure });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await found).toBe("answer");
    expect(useConnection.getState()).toEqual({ reach: "fine", failure: null });
  });

  it("does not hide what is no answer of the server", async () => {
    await expect(patiently(() => Promise.reject(new Error("a mistake")))).rejects.toThrow(
      "a mistake",
    );
  });
});

describe("keepConnected", () => {
  it("finds out why the socket is closed, and says when it is open again", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
    useRun.setState({ isConnected: true });
    useConnection.setState({ reach: "fine" });
    const stop = keepConnected();
    await vi.advanceTimersByTimeAsync(5000);
    expect(reach()).toBe("fine");
    useRun.setState({ isConnected: false });
    await vi.advanceTimersByTimeAsync(500);
    // So short a time is not worth a word.
    expect(reach()).toBe("fine");
    await vi.advanceTimersByTimeAsync(5000);
    expect(reach()).toBe("lost");
    useRun.setState({ isConnected: true });
    expect(reach()).toBe("fine");
    stop();
  });
});
