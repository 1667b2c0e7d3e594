/** What the server knows of the graph before it runs: problems, sources, branches, plan. */

import { create } from "zustand";
import { writeFile } from "../graph/file";
import { checkGraph } from "../protocol/api";
import type { CheckAnswer, CheckedNode, Problem } from "../protocol/answers";
import { currentCatalogue } from "./catalogue";
import { useDocument } from "./document";

export interface CheckState {
  readonly answer: CheckAnswer | null;
  readonly problemsByNode: Readonly<Record<string, readonly Problem[]>>;
  /** True from a change until its answer is here. */
  readonly isStale: boolean;
}

export const useCheck = create<CheckState>(() => ({
  answer: null,
  problemsByNode: {},
  isStale: true,
}));

const DEBOUNCE = 250;
let timer: ReturnType<typeof setTimeout> | undefined;
let running: AbortController | undefined;

/** Check the graph soon after every change; returns a function that ends it. */
export function keepChecking(): () => void {
  const soon = (): void => {
    useCheck.setState({ isStale: true });
    clearTimeout(timer);
    timer = setTimeout(() => void checkNow(), DEBOUNCE);
  };
  const stop = useDocument.subscribe((state, before) => {
    if (state.document !== before.document) {
      soon();
    }
  });
  soon();
  return () => {
    clearTimeout(timer);
    running?.abort();
    stop();
  };
}

/** Ask once; the last answer stands where the server cannot be reached. */
export async function checkNow(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const file = writeFile(useDocument.getState().document, currentCatalogue());
  try {
    const answer = await checkGraph(file, [], mine.signal);
    useCheck.setState(({ answer: before }) => ({
      answer: { ...answer, nodes: withSameObjects(answer.nodes, before?.nodes ?? {}) },
      problemsByNode: grouped(answer.problems),
      isStale: false,
    }));
  } catch {
    // Aborted, or out of reach: what was known stays.
  }
}

/** Nodes of which nothing changed stay the same object, so that they are not drawn again. */
function withSameObjects(
  nodes: CheckAnswer["nodes"],
  before: CheckAnswer["nodes"],
): CheckAnswer["nodes"] {
  const found: Record<string, CheckedNode> = {};
  for (const [id, node] of Object.entries(nodes)) {
    const old = before[id];
    found[id] = old !== undefined && JSON.stringify(old) === JSON.stringify(node) ? old : node;
  }
  return found;
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
