/** What the server knows of the graph before it runs: problems, sources, branches, plan. */

import { create } from "zustand";
import type { Catalogue } from "../catalogue/catalogue";
import { writeFile } from "../graph/file";
import { checkGraph } from "../protocol/api";
import type { CheckAnswer, CheckedNode, Problem, Source } from "../protocol/answers";
import { currentCatalogue } from "./catalogue";
import { useDocument } from "./document";
import type { RunState } from "./run";
import { useRun } from "./run";

export interface CheckState {
  readonly answer: CheckAnswer | null;
  readonly problemsByNode: Readonly<Record<string, readonly Problem[]>>;
  /** Nodes that would run again because something they read has changed. */
  readonly fresh: ReadonlySet<string>;
  /** True from a change until its answer is here. */
  readonly isStale: boolean;
}

const NONE: ReadonlySet<string> = new Set();

export const useCheck = create<CheckState>(() => ({
  answer: null,
  problemsByNode: {},
  fresh: NONE,
  isStale: true,
}));

const DEBOUNCE = 250;
let timer: ReturnType<typeof setTimeout> | undefined;
let running: AbortController | undefined;

/** Check the graph soon after every change and run; returns a function that ends it. */
export function keepChecking(): () => void {
  const soon = (): void => {
    useCheck.setState({ isStale: true });
    clearTimeout(timer);
    timer = setTimeout(() => void checkNow(), DEBOUNCE);
  };
  const stops = [
    useDocument.subscribe((state, before) => {
      if (state.document !== before.document) {
        soon();
      }
    }),
    // What is kept is another thing after a run, as its nodes end, and after the server was away.
    useRun.subscribe((state, before) => {
      const hasEnded = before.job?.status === "in_progress" && state.job?.status !== "in_progress";
      const done = newlyDone(state.nodes, before.nodes);
      if (done.length > 0) {
        useCheck.setState(({ fresh }) => ({ fresh: withoutAll(fresh, done) }));
      }
      if (hasEnded || done.length > 0 || (state.isConnected && !before.isConnected)) {
        soon();
      }
    }),
  ];
  soon();
  return () => {
    clearTimeout(timer);
    running?.abort();
    for (const stop of stops) {
      stop();
    }
  };
}

function newlyDone(nodes: RunState["nodes"], before: RunState["nodes"]): readonly string[] {
  return nodes === before
    ? []
    : Object.keys(nodes).filter(
        (id) => nodes[id]?.status === "done" && before[id]?.status !== "done",
      );
}

function withoutAll(ids: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> {
  return gone.some((id) => ids.has(id))
    ? new Set([...ids].filter((id) => !gone.includes(id)))
    : ids;
}

/** Ask once; the last answer stands where the server cannot be reached. */
export async function checkNow(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const file = writeFile(useDocument.getState().document, currentCatalogue());
  try {
    const answer = await checkGraph(file, [], mine.signal);
    useCheck.setState((state) => taken(answer, state, currentCatalogue()));
  } catch {
    // Aborted, or out of reach: what was known stays.
  }
}

/** Take up an answer; parts of which nothing changed stay the same objects. */
export function taken(answer: CheckAnswer, before: CheckState, catalogue: Catalogue): CheckState {
  return {
    answer: { ...answer, nodes: withSame(answer.nodes, before.answer?.nodes ?? {}) },
    problemsByNode: withSame(grouped(answer.problems), before.problemsByNode),
    fresh: freshNodes(answer, catalogue),
    isStale: false,
  };
}

/** Nodes of which nothing changed stay the same object, so that they are not drawn again. */
function withSame<T>(
  found: Readonly<Record<string, T>>,
  before: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const next: Record<string, T> = {};
  for (const [id, value] of Object.entries(found)) {
    const old = before[id];
    next[id] = old !== undefined && isSame(old, value) ? old : value;
  }
  return next;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function grouped(problems: readonly Problem[]): Readonly<Record<string, readonly Problem[]>> {
  const found: Record<string, Problem[]> = {};
  for (const problem of problems) {
    if (problem.node !== null) {
      (found[problem.node] ??= []).push(problem);
    }
  }
  return found;
}

/**
 * The nodes that would run again because of what they read.
 *
 * Nodes that save or show something run every time: they are only fresh where their values are.
 */
export function freshNodes(answer: CheckAnswer, catalogue: Catalogue): ReadonlySet<string> {
  if (answer.plan === null) {
    return NONE;
  }
  const fresh = new Set<string>();
  for (const id of answer.order) {
    const node = answer.nodes[id];
    if (node === undefined || answer.plan[id] !== "run") {
      continue;
    }
    const type = catalogue.types.get(node.class_type);
    const runsAlways = type?.is_output === true || type?.is_volatile === true;
    if (!runsAlways || readsFresh(node, fresh)) {
      fresh.add(id);
    }
  }
  return fresh;
}

function readsFresh(node: CheckedNode, fresh: ReadonlySet<string>): boolean {
  return Object.values(node.inputs).some((source) => giversOf(source).some((id) => fresh.has(id)));
}

/** The nodes that a value comes from. */
export function giversOf(source: Source): readonly string[] {
  switch (source.from) {
    case "link":
    case "state":
      return [source.node];
    case "bundle":
      return Object.values(source.fields).filter((id) => typeof id === "string");
    default:
      return [];
  }
}
