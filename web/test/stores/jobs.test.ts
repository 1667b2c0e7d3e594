import { expect, it } from "vitest";
import { changesResult } from "../../src/actions/run";
import { changeNode, typeValue } from "../../src/graph/edit";
import { EMPTY_DOCUMENT, makeNode } from "../../src/graph/model";
import { settledCount, runningNode } from "../../src/panels/queue/progress";
import type { JobSummary } from "../../src/protocol/answers";
import { inRunningOrder, secondsOf } from "../../src/stores/jobs";

function job(id: string, status: JobSummary["status"], priority: number): JobSummary {
  return { id, status, priority, create_time: 0, outputs_count: 0 };
}

it("lists what runs first, then what waits by its place", () => {
  const jobs = [job("c", "pending", 7), job("b", "pending", -2), job("a", "in_progress", 9)];
  expect(inRunningOrder(jobs).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

it("knows how long an ended job ran", () => {
  expect(secondsOf(job("a", "in_progress", 0))).toBeNull();
  const ended = { execution_start_time: 1000, execution_end_time: 3500 };
  expect(secondsOf({ ...job("a", "completed", 0), ...ended })).toBe(2.5);
});

it("counts the nodes of one job only", () => {
  const node = {
    done: 0,
    total: 0,
    seconds: null,
    output: null,
    preview: null,
    error: null,
    warnings: [],
  };
  const nodes = {
    a: { ...node, status: "done", job: "2" },
    b: { ...node, status: "kept", job: "2" },
    c: { ...node, status: "done", job: "1" },
    d: { ...node, status: "running", job: "2" },
  } as const;
  expect(settledCount(nodes, "2")).toBe(2);
  expect(runningNode(nodes)).toBe("d");
});

it("runs on change only where the result may change", () => {
  const document = { ...EMPTY_DOCUMENT, nodes: { a: makeNode("a", "X", 0, 0) } };
  const moved = changeNode(document, "a", { x: 5, isCollapsed: true, title: "B" });
  expect(changesResult(moved.nodes, document.nodes)).toBe(false);
  const typed = typeValue(document, "a", "n", 1);
  expect(changesResult(typed.nodes, document.nodes)).toBe(true);
  const muted = changeNode(document, "a", { mode: "muted" });
  expect(changesResult(muted.nodes, document.nodes)).toBe(true);
  expect(changesResult({}, document.nodes)).toBe(true);
});
