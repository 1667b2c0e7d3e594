/** Which column a node stands in, and in which order the nodes of a column stand. */

import type { Box, Drawing, Pull } from "./drawing";
import { groupedBy } from "./drawing";

/** Ids by column, from top to bottom; wires go from left to right. */
export type Columns = readonly (readonly string[])[];

const SWEEPS = 12;
const MAIN_WEIGHT = 12;

/** Columns by the layout library: short wires, few crossings. */
export async function libraryColumns(drawing: Drawing): Promise<Columns> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph({ directed: true });
  graph.setGraph({ rankdir: "LR", ranksep: 90, nodesep: 40 });
  for (const { id, width, height } of drawing.boxes.values()) {
    graph.setNode(id, { width, height });
  }
  for (const { from, to, isMain } of drawing.pulls) {
    const before = graph.hasEdge(from, to) ? (graph.edge(from, to).weight ?? 1) : 0;
    graph.setEdge(from, to, { weight: before + (isMain ? MAIN_WEIGHT : 1) });
  }
  layout(graph);
  const found = [...drawing.boxes.values()].map(({ id }) => ({ id, ...placeOf(graph.node(id)) }));
  const columns = groupedBy(
    found.toSorted((one, other) => one.x - other.x || one.y - other.y),
    ({ x }) => Math.round(x),
  );
  return [...columns.values()].map((column) => column.map(({ id }) => id));
}

function placeOf(label: { readonly x?: number; readonly y?: number }): { x: number; y: number } {
  return { x: label.x ?? 0, y: label.y ?? 0 };
}

/** Columns by the longest way from a start; quick for any number of nodes, circles included. */
export function longestPathColumns({ boxes, pulls }: Drawing): Columns {
  const waiting = new Map<string, number>([...boxes.keys()].map((id) => [id, 0]));
  const outgoing = groupedBy(pulls, ({ from }) => from);
  for (const { to } of pulls) {
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const column = new Map<string, number>();
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  const rest = new Set(boxes.keys());
  for (;;) {
    const id = ready.shift() ?? firstOf(rest);
    if (id === undefined) {
      break;
    }
    rest.delete(id);
    const mine = column.get(id) ?? 0;
    column.set(id, mine);
    for (const { to } of outgoing.get(id) ?? []) {
      if (rest.has(to)) {
        column.set(to, Math.max(column.get(to) ?? 0, mine + 1));
        const left = (waiting.get(to) ?? 1) - 1;
        waiting.set(to, left);
        if (left === 0) {
          ready.push(to);
        }
      }
    }
  }
  return columnsBy(boxes, nearReaders(column, pulls));
}

function firstOf<T>(items: ReadonlySet<T>): T | undefined {
  for (const item of items) {
    return item;
  }
  return undefined;
}

/** What nothing flows into stands just before its first reader, not far left. */
function nearReaders(
  column: ReadonlyMap<string, number>,
  pulls: readonly Pull[],
): ReadonlyMap<string, number> {
  const fed = new Set(pulls.map(({ to }) => to));
  const outgoing = groupedBy(pulls, ({ from }) => from);
  const found = new Map(column);
  for (const [id, at] of column) {
    const readers = (outgoing.get(id) ?? []).map(({ to }) => (column.get(to) ?? 0) - 1);
    if (!fed.has(id) && readers.length > 0) {
      found.set(id, Math.max(at, Math.min(...readers)));
    }
  }
  return found;
}

function columnsBy(
  boxes: ReadonlyMap<string, Box>,
  column: ReadonlyMap<string, number>,
): string[][] {
  const columns: string[][] = [];
  for (const id of boxes.keys()) {
    const index = column.get(id) ?? 0;
    while (columns.length <= index) {
      columns.push([]);
    }
    columns[index]?.push(id);
  }
  return columns.filter((ids) => ids.length > 0);
}

/** The library takes all wires of a node for one point: here their sockets' order counts. */
export function inSocketOrder(columns: Columns, pulls: readonly Pull[]): Columns {
  let [best, least] = [columns, crossings(columns, pulls)];
  let at = columns;
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep += 1) {
    at = sweep % 2 === 0 ? swept(at, pulls, "to") : swept(at, pulls, "from");
    const count = crossings(at, pulls);
    if (count < least) {
      [best, least] = [at, count];
    }
  }
  return best;
}

/** Columns sorted by where the sockets at the other ends of their wires are. */
function swept(columns: Columns, pulls: readonly Pull[], towards: "from" | "to"): Columns {
  const own = towards === "to" ? "from" : "to";
  const byOwn = groupedBy(pulls, (pull) => pull[own]);
  const heights = new Map<string, number>();
  const next: string[][] = [];
  const order = towards === "to" ? columns.toReversed() : columns;
  for (const column of order) {
    const means = new Map<string, number>();
    for (const id of column) {
      const ends = (byOwn.get(id) ?? []).flatMap((pull) => {
        const height = heights.get(pull[towards]);
        return height === undefined ? [] : [height + portOf(pull, towards)];
      });
      if (ends.length > 0) {
        means.set(id, ends.reduce((sum, end) => sum + end, 0) / ends.length);
      }
    }
    const sorted = sortedInPlace(column, means);
    sorted.forEach((id, index) => heights.set(id, index / sorted.length));
    next.push(sorted);
  }
  return towards === "to" ? next.toReversed() : next;
}

/** Those that have a key in its order, in the slots that they took; the others stay where they are. */
function sortedInPlace(column: readonly string[], keys: ReadonlyMap<string, number>): string[] {
  const sorted = column
    .filter((id) => keys.has(id))
    .toSorted((one, other) => (keys.get(one) ?? 0) - (keys.get(other) ?? 0));
  return column.map((id) => (keys.has(id) ? (sorted.shift() ?? id) : id));
}

/** A socket's height as a little more than nothing: it decides only within one node. */
function portOf(pull: Pull, end: "from" | "to"): number {
  return (end === "from" ? pull.fromY : pull.toY) / 1e5;
}

/** How often wires between neighbouring columns cross; main wires count more. */
export function crossings(columns: Columns, pulls: readonly Pull[]): number {
  const place = new Map<string, { column: number; index: number }>();
  columns.forEach((ids, column) => {
    ids.forEach((id, index) => place.set(id, { column, index }));
  });
  const between = new Map<number, { from: number; to: number; weight: number }[]>();
  for (const pull of pulls) {
    const [from, to] = [place.get(pull.from), place.get(pull.to)];
    if (from !== undefined && to !== undefined && to.column === from.column + 1) {
      const wire = {
        from: from.index + portOf(pull, "from"),
        to: to.index + portOf(pull, "to"),
        weight: pull.isMain ? 4 : 1,
      };
      between.set(from.column, [...(between.get(from.column) ?? []), wire]);
    }
  }
  let count = 0;
  for (const wires of between.values()) {
    wires.forEach((one, index) => {
      for (const other of wires.slice(index + 1)) {
        if ((one.from - other.from) * (one.to - other.to) < 0) {
          count += one.weight * other.weight;
        }
      }
    });
  }
  return count;
}
