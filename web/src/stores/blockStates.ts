/** Block states as they were asked of the server: when somebody looks, and once. */

import { create } from "zustand";
import type { BlockState, LoopStep } from "../protocol/blockStates";
import { fetchBlockState, fetchBlockStates, fetchSteps, fetchState } from "../protocol/blockStates";
import type { WholeState } from "../protocol/blockStates";
import { ServerError } from "../protocol/http";
import type { NodeRun } from "./run";
import { useRun } from "./run";

/** An answer of the server, from the question on. */
export type Asked<T> =
  | { readonly status: "asking" }
  | { readonly status: "here"; readonly value: T }
  | {
      /** "gone": the server does not keep it any more. "failed": it could not be asked. */
      readonly status: "gone" | "failed";
      readonly message: string;
    };

type Answers<T> = Readonly<Record<string, Asked<T>>>;

export interface BlockStatesState {
  /** By node, the jobs in which it ran or was kept, newest first. */
  readonly runs: Readonly<Record<string, readonly string[]>>;
  readonly states: Answers<BlockState>;
  readonly wholes: Answers<WholeState>;
  readonly steps: Answers<readonly LoopStep[]>;
}

type Shelf = "states" | "wholes" | "steps";

const KEPT_RUNS = 6;
const FEW = 12;
const SAVING_PAUSE = 500;
const MEMORY = "blockloom.runs";

export const useBlockStates = create<BlockStatesState>(() => ({
  runs: {},
  states: {},
  wholes: {},
  steps: {},
}));

export function placeKey(job: string, node: string): string {
  return `${job}/${node}`;
}

/** Follow the runs, and remember for each node where it ran; returns a function that ends it. */
export function keepRemembering(): () => void {
  useBlockStates.setState({ runs: rememberedRuns() });
  note(useRun.getState().nodes);
  const stopNodes = useRun.subscribe((state, before) => {
    if (state.nodes !== before.nodes) {
      note(state.nodes);
    }
    if (state.isConnected && !before.isConnected) {
      forgetFailures();
    }
  });
  // In large graphs many nodes end at once, and the page may go at any time.
  let saving: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    clearTimeout(saving);
    sessionStorage.setItem(MEMORY, JSON.stringify(useBlockStates.getState().runs));
  };
  const stopRuns = useBlockStates.subscribe((state, before) => {
    if (state.runs !== before.runs) {
      clearTimeout(saving);
      saving = setTimeout(save, SAVING_PAUSE);
    }
  });
  window.addEventListener("pagehide", save);
  return () => {
    window.removeEventListener("pagehide", save);
    save();
    stopNodes();
    stopRuns();
  };
}

function rememberedRuns(): BlockStatesState["runs"] {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY) ?? "{}") as BlockStatesState["runs"];
  } catch {
    return {};
  }
}

/** Put the jobs in which nodes have ended first; what no node has any more is let go. */
function note(nodes: Readonly<Record<string, NodeRun>>): void {
  const { runs } = useBlockStates.getState();
  const ended = Object.entries(nodes).filter(
    ([id, node]) =>
      (node.status === "done" || node.status === "kept") &&
      node.job !== "" &&
      runs[id]?.[0] !== node.job,
  );
  if (ended.length > 0) {
    const next = Object.fromEntries(
      ended.map(([id, { job }]) => [id, withRun(runs[id] ?? [], job)] as const),
    );
    useBlockStates.setState((state) => withoutForgotten({ ...state, runs: { ...runs, ...next } }));
  }
}

export function withRun(jobs: readonly string[], job: string): readonly string[] {
  return [job, ...jobs.filter((other) => other !== job)].slice(0, KEPT_RUNS);
}

function withoutForgotten(state: BlockStatesState): BlockStatesState {
  const known = new Set(Object.values(state.runs).flat());
  const running = useRun.getState().job?.id;
  const keep = <T>(answers: Answers<T>): Answers<T> =>
    Object.fromEntries(
      Object.entries(answers).filter(([key]) => {
        const job = key.slice(0, key.indexOf("/"));
        return known.has(job) || job === running;
      }),
    );
  return {
    ...state,
    states: keep(state.states),
    wholes: keep(state.wholes),
    steps: keep(state.steps),
  };
}

/** What could not be asked is asked again when somebody looks. */
function forgetFailures(): void {
  const keep = <T>(answers: Answers<T>): Answers<T> =>
    Object.fromEntries(Object.entries(answers).filter(([, { status }]) => status !== "failed"));
  useBlockStates.setState((state) => ({
    states: keep(state.states),
    wholes: keep(state.wholes),
    steps: keep(state.steps),
  }));
}

/** Let go of what was said about a node, so that it is asked again. */
export function askAgain(job: string, node: string): void {
  const key = placeKey(job, node);
  const without = <T>(answers: Answers<T>): Answers<T> =>
    Object.fromEntries(Object.entries(answers).filter(([found]) => found !== key));
  useBlockStates.setState((state) => ({
    states: without(state.states),
    wholes: without(state.wholes),
    steps: without(state.steps),
  }));
}

// -- asking

const waiting = new Map<string, Set<string>>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Ask for a node's block state, unless it is known; many at a time are asked in one question. */
export function askState(job: string, node: string): void {
  if (useBlockStates.getState().states[placeKey(job, node)] !== undefined) {
    return;
  }
  put("states", job, node, { status: "asking" });
  waiting.set(job, (waiting.get(job) ?? new Set()).add(node));
  timer ??= setTimeout(() => {
    timer = undefined;
    const asked = [...waiting];
    waiting.clear();
    for (const [found, nodes] of asked) {
      void askStates(found, [...nodes]);
    }
  }, 0);
}

async function askStates(job: string, nodes: readonly string[]): Promise<void> {
  if (nodes.length <= FEW) {
    await Promise.all(nodes.map((node) => ask("states", job, node, fetchBlockState(job, node))));
    return;
  }
  const all = fetchBlockStates(job).then(({ nodes: found }) => found);
  await Promise.all(
    nodes.map((node) =>
      ask(
        "states",
        job,
        node,
        all.then((found) => found[node] ?? fetchBlockState(job, node)),
      ),
    ),
  );
}

/** Ask for everything on the main wire behind a node, unless it is known. */
export function askWhole(job: string, node: string): void {
  if (useBlockStates.getState().wholes[placeKey(job, node)] === undefined) {
    put("wholes", job, node, { status: "asking" });
    void ask("wholes", job, node, fetchState(job, node));
  }
}

/** Ask for the steps of a node's loop until at least so many are here, or no more come. */
export function askSteps(job: string, node: string, least = 0): void {
  const key = placeKey(job, node);
  const known = useBlockStates.getState().steps[key];
  if (known === undefined) {
    put("steps", job, node, { status: "asking" });
  } else if (countOf(known) >= least) {
    return;
  }
  const isAsked = wantedSteps.has(key);
  wantedSteps.set(key, Math.max(wantedSteps.get(key) ?? 0, least));
  if (!isAsked) {
    void bringSteps(job, node);
  }
}

/** How many steps are wanted of the loops that are being asked for. */
const wantedSteps = new Map<string, number>();
const PAUSE = 250;

async function bringSteps(job: string, node: string): Promise<void> {
  const key = placeKey(job, node);
  let count = -1;
  for (;;) {
    const before = count;
    const answer = fetchSteps(job, node).then(({ steps }) => steps);
    await ask("steps", job, node, answer);
    count = countOf(useBlockStates.getState().steps[key]);
    if (count >= (wantedSteps.get(key) ?? 0) || count === before) {
      break;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE);
    });
  }
  wantedSteps.delete(key);
}

/** What could not be told before there was a first step counts as none. */
function countOf(asked: Asked<readonly LoopStep[]> | undefined): number {
  return asked?.status === "here" ? asked.value.length : 0;
}

async function ask<S extends Shelf>(
  shelf: S,
  job: string,
  node: string,
  answer: Promise<ValueOn<S>>,
): Promise<void> {
  try {
    put(shelf, job, node, { status: "here", value: await answer } as OnShelf<S>);
  } catch (error) {
    if (!(error instanceof ServerError)) {
      throw error;
    }
    const status = error.status === 404 ? "gone" : "failed";
    put(shelf, job, node, { status, message: error.message } as OnShelf<S>);
  }
}

type OnShelf<S extends Shelf> = BlockStatesState[S][string];
type ValueOn<S extends Shelf> = Extract<OnShelf<S>, { status: "here" }>["value"];

function put<S extends Shelf>(shelf: S, job: string, node: string, answer: OnShelf<S>): void {
  useBlockStates.setState((state) => ({
    [shelf]: { ...state[shelf], [placeKey(job, node)]: answer },
  }));
}
