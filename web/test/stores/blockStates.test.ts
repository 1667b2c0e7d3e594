import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BlockStatesState } from "../../src/stores/blockStates";
import {
  askAgain,
  askState,
  askSteps,
  askWhole,
  keepRemembering,
  useBlockStates,
  withRun,
} from "../../src/stores/blockStates";
import type { NodeStatus } from "../../src/stores/run";
import { receiveEvent, useRun } from "../../src/stores/run";
import { state, step, tensor } from "../samples/states";

const EMPTY: BlockStatesState = { runs: {}, states: {}, wholes: {}, steps: {} };
const asked: string[] = [];
let answers: Readonly<Record<string, unknown>> = {};
let stop: () => void;

beforeEach(() => {
  sessionStorage.clear();
  useRun.setState({ job: null, nodes: {}, isConnected: true });
  useBlockStates.setState(EMPTY);
  asked.length = 0;
  answers = {};
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const found = answers[path];
    if (found === "unreachable") {
      return Promise.reject(new TypeError("no network"));
    }
    return Promise.resolve(
      found === undefined
        ? Response.json({ error: { type: "not_found", message: "gone" } }, { status: 404 })
        : Response.json(found),
    );
  });
  stop = keepRemembering();
});

afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const runs = (node: string) => useBlockStates.getState().runs[node];

function runNode(job: string, node: string, status: NodeStatus = "done"): void {
  receiveEvent({ type: "execution_start", data: { prompt_id: job, timestamp: 1 } });
  if (status === "kept") {
    receiveEvent({ type: "execution_cached", data: { prompt_id: job, nodes: [node] } });
  } else {
    receiveEvent({ type: "executing", data: { prompt_id: job, node } });
  }
  if (status === "done") {
    const data = { prompt_id: job, node, seconds: 1, warnings: [] };
    receiveEvent({ type: "block_state", data });
  }
}

describe("where nodes ran", () => {
  test("newest first, kept ones too, running ones not yet", () => {
    runNode("one", "a");
    expect(runs("a")).toEqual(["one"]);
    runNode("two", "a", "running");
    expect(runs("a")).toEqual(["one"]);
    runNode("two", "a");
    runNode("three", "a", "kept");
    expect(runs("a")).toEqual(["three", "two", "one"]);
  });

  test("is known again after a reload of the page", () => {
    runNode("one", "a");
    window.dispatchEvent(new Event("pagehide"));
    expect(JSON.parse(sessionStorage.getItem("blockloom.runs") ?? "")).toEqual({ a: ["one"] });
  });

  test("few are remembered, none twice", () => {
    const jobs = ["1", "2", "3", "4", "5", "6", "7"];
    const many = jobs.reduce<readonly string[]>(withRun, []);
    expect(many).toEqual(["7", "6", "5", "4", "3", "2"]);
    expect(withRun(["b", "a"], "a")).toEqual(["a", "b"]);
  });
});

describe("asking", () => {
  test("a block state is asked for once, however often somebody looks", async () => {
    answers = { "/blockloom/block_state/j/a": state({ node_id: "a" }) };
    askState("j", "a");
    askState("j", "a");
    expect(useBlockStates.getState().states["j/a"]).toEqual({ status: "asking" });
    await settled();
    expect(useBlockStates.getState().states["j/a"]).toEqual({
      status: "here",
      value: state({ node_id: "a" }),
    });
    askState("j", "a");
    await settled();
    expect(asked).toEqual(["/blockloom/block_state/j/a"]);
  });

  test("many are asked for in one question", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const states = ids.map((id) => [id, state({ node_id: id })] as const);
    answers = { "/blockloom/block_states/j": { nodes: Object.fromEntries(states) } };
    for (const id of ids) {
      askState("j", id);
    }
    await settled();
    expect(asked).toEqual(["/blockloom/block_states/j"]);
    expect(useBlockStates.getState().states["j/n7"]).toMatchObject({ status: "here" });
  });

  test("what the server has forgotten is gone, and asked for again on request", async () => {
    askState("j", "a");
    await settled();
    expect(useBlockStates.getState().states["j/a"]).toEqual({ status: "gone", message: "gone" });
    answers = { "/blockloom/block_state/j/a": state() };
    askState("j", "a");
    await settled();
    expect(asked).toHaveLength(1);
    askAgain("j", "a");
    askState("j", "a");
    await settled();
    expect(useBlockStates.getState().states["j/a"]).toMatchObject({ status: "here" });
  });

  test("what could not be asked is asked again once the server is back", async () => {
    answers = { "/blockloom/state/j/a": "unreachable" };
    askWhole("j", "a");
    await settled();
    expect(useBlockStates.getState().wholes["j/a"]).toMatchObject({ status: "failed" });
    useRun.setState({ isConnected: false });
    useRun.setState({ isConnected: true });
    expect(useBlockStates.getState().wholes).toEqual({});
  });

  test("steps are asked for again while more of them come", async () => {
    const path = "/blockloom/steps/j/a";
    const values = { latents: tensor([1, 4, 8, 8]) };
    answers = { [path]: { steps: [step(0, values)] } };
    askSteps("j", "a");
    await settled();
    askSteps("j", "a", 1);
    await settled();
    expect(asked).toEqual([path]);
    answers = { [path]: { steps: [step(0, values), step(1, values)] } };
    askSteps("j", "a", 2);
    askSteps("j", "a", 2);
    await settled();
    expect(asked).toEqual([path, path]);
    const found = useBlockStates.getState().steps["j/a"];
    expect(found?.status === "here" && found.value.length).toBe(2);
  });
});

test("answers of runs that no node remembers are let go", async () => {
  answers = { "/blockloom/block_state/0/a": state() };
  askState("0", "a");
  await settled();
  for (const job of ["0", "1", "2", "3", "4", "5"]) {
    runNode(job, "a");
  }
  expect(Object.keys(useBlockStates.getState().states)).toEqual(["0/a"]);
  runNode("6", "a");
  expect(Object.keys(useBlockStates.getState().states)).toEqual([]);
});
