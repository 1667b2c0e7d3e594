import { describe, expect, it } from "vitest";
import type { JobDetails } from "../../src/protocol/answers";
import type { ServerEvent } from "../../src/protocol/events";
import { withJob } from "../../src/stores/lastRun";
import type { RunState } from "../../src/stores/run";
import { reduce } from "../../src/stores/run";

const EMPTY: RunState = { job: null, nodes: {}, queueRemaining: 0, isConnected: true };
const FILE = { filename: "a.png", subfolder: "", type: "output" } as const;

function after(events: readonly ServerEvent[], state = EMPTY): RunState {
  return events.reduce(reduce, state);
}

const START: ServerEvent = { type: "execution_start", data: { prompt_id: "1", timestamp: 5 } };

describe("a run", () => {
  it("shows what was kept, what runs and what is done", () => {
    const state = after([
      START,
      { type: "execution_cached", data: { prompt_id: "1", nodes: ["model"] } },
      { type: "executing", data: { prompt_id: "1", node: "denoise" } },
      { type: "progress", data: { prompt_id: "1", node: "denoise", value: 3, max: 20 } },
    ]);
    expect(state.job).toEqual({ id: "1", status: "in_progress", startedAt: 5 });
    expect(state.nodes["model"]?.status).toBe("kept");
    expect(state.nodes["denoise"]).toMatchObject({ status: "running", done: 3, total: 20 });

    const done = after(
      [
        { type: "executed", data: { prompt_id: "1", node: "save", output: { images: [FILE] } } },
        {
          type: "block_state",
          data: { prompt_id: "1", node: "denoise", seconds: 2, warnings: ["holds NaN"] },
        },
        { type: "execution_success", data: { prompt_id: "1", timestamp: 9 } },
      ],
      state,
    );
    expect(done.job?.status).toBe("completed");
    expect(done.nodes["denoise"]).toMatchObject({
      status: "done",
      seconds: 2,
      warnings: ["holds NaN"],
      job: "1",
    });
    expect(done.nodes["save"]?.output).toEqual({ images: [FILE] });
  });

  it("keeps the error at its node, and nothing running behind it", () => {
    const error = {
      node_id: "decode",
      node_type: "X",
      exception_message: "no vae",
      exception_type: "RunError",
      traceback: [],
    };
    const state = after([
      START,
      { type: "executing", data: { prompt_id: "1", node: "decode" } },
      { type: "execution_error", data: { prompt_id: "1", ...error } },
    ]);
    expect(state.job?.status).toBe("failed");
    expect(state.nodes["decode"]).toMatchObject({ status: "failed", error: { ...error } });
  });

  it("begins afresh with the next job, but keeps showing the last pictures", () => {
    const first = after([
      START,
      { type: "executed", data: { prompt_id: "1", node: "save", output: { images: [FILE] } } },
      { type: "execution_success", data: { prompt_id: "1", timestamp: 9 } },
    ]);
    const next = after(
      [{ type: "execution_start", data: { prompt_id: "2", timestamp: 20 } }],
      first,
    );
    expect(next.job?.id).toBe("2");
    expect(next.nodes["save"]).toMatchObject({ status: "waiting", output: { images: [FILE] } });
    const late = after([{ type: "executing", data: { prompt_id: "1", node: "save" } }], next);
    expect(late).toBe(next);
  });

  it("is found again from the job's record", () => {
    const job = {
      id: "1",
      status: "failed",
      outputs: { save: { images: [FILE] } },
      ran: ["denoise"],
      kept: ["model", "save"],
      execution_start_time: 5,
      execution_error: {
        node_id: "decode",
        node_type: "X",
        exception_message: "no vae",
        exception_type: "RunError",
        traceback: [],
      },
    } as unknown as JobDetails;
    const state = withJob(EMPTY, job);
    const statuses = Object.fromEntries(
      Object.entries(state.nodes).map(([id, node]) => [id, node.status]),
    );
    expect(statuses).toEqual({ model: "kept", save: "kept", denoise: "done", decode: "failed" });
    expect(state.nodes["save"]?.output).toEqual({ images: [FILE] });
    expect(state.job).toEqual({ id: "1", status: "failed", startedAt: 5 });
  });
});
