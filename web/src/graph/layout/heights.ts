/** How high the nodes of columns stand: straight main wires first, short wires then, no overlap. */

import type { Columns } from "./columns";
import type { Box, Drawing, Pull } from "./drawing";
import { groupedBy } from "./drawing";
import { straightened } from "./straight";

const ROW_GAP = 40;
const MOST_SWEEPS = 30;
const STRAIGHT = 1000;
const MAIN = 4;

interface Want {
  readonly at: number;
  readonly weight: number;
}

/** The tops of all boxes; the order within columns stays. */
export function heightsOf(columns: Columns, drawing: Drawing): ReadonlyMap<string, number> {
  const weights = weightsOf(drawing, columns);
  const tops = new Map<string, number>();
  for (const column of columns) {
    let top = 0;
    for (const id of column) {
      tops.set(id, top);
      top += heightOf(drawing.boxes, id) + ROW_GAP;
    }
  }
  const pullsAt = groupedBy(
    weights.flatMap((weighted) => [
      { id: weighted.pull.from, weighted },
      { id: weighted.pull.to, weighted },
    ]),
    ({ id }) => id,
  );
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    // Leftward first, so that the last sweep puts nodes beside what they read.
    const isLeftward = sweep % 2 === 0;
    let change = 0;
    for (const column of isLeftward ? columns.toReversed() : columns) {
      const wants = column.map((id) => {
        const pulls = (pullsAt.get(id) ?? []).map(({ weighted }) => weighted);
        return wanted(id, followed(id, pulls, isLeftward), tops);
      });
      change = Math.max(change, settle(column, wants, drawing.boxes, tops));
    }
    if (!isLeftward && change < 1) {
      break;
    }
  }
  const straight = weights.filter(({ weight }) => weight === STRAIGHT).map(({ pull }) => pull);
  return straightened(columns, drawing.boxes, straight, tops, ROW_GAP);
}

/** Of a straight way a sweep follows the end it comes from; the rest of it follows later. */
function followed(id: string, pulls: readonly Weighted[], isLeftward: boolean): Weighted[] {
  const isBehind = ({ pull }: Weighted): boolean => (pull.from === id) === isLeftward;
  const hasStraightBehind = pulls.some((found) => found.weight === STRAIGHT && isBehind(found));
  return pulls.filter(
    (found) => found.weight !== STRAIGHT || !hasStraightBehind || isBehind(found),
  );
}

interface Weighted {
  readonly pull: Pull;
  readonly weight: number;
}

/** One way through every node is straight: along the main wire to the longest rest of the chain. */
function weightsOf({ pulls }: Drawing, columns: Columns): Weighted[] {
  const column = new Map<string, number>();
  columns.forEach((ids, index) => {
    ids.forEach((id) => column.set(id, index));
  });
  const main = pulls.filter(({ isMain }) => isMain);
  const rest = restLengths(main, column);
  const heirs = new Map<string, Pull>();
  for (const pull of main) {
    const known = heirs.get(pull.from);
    if (known === undefined || (rest.get(pull.to) ?? 0) > (rest.get(known.to) ?? 0)) {
      heirs.set(pull.from, pull);
    }
  }
  const straight = new Map<string, Pull>();
  for (const pull of heirs.values()) {
    const known = straight.get(pull.to);
    if (known === undefined || pull.toY < known.toY) {
      straight.set(pull.to, pull);
    }
  }
  return pulls.map((pull) => ({
    pull,
    weight: straight.get(pull.to) === pull ? STRAIGHT : pull.isMain ? MAIN : 1,
  }));
}

/** How many nodes follow along main wires. */
function restLengths(
  main: readonly Pull[],
  column: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const rest = new Map<string, number>();
  const rightFirst = main.toSorted(
    (one, other) => (column.get(other.from) ?? 0) - (column.get(one.from) ?? 0),
  );
  for (const { from, to } of rightFirst) {
    rest.set(from, Math.max(rest.get(from) ?? 0, (rest.get(to) ?? 0) + 1));
  }
  return rest;
}

function heightOf(boxes: ReadonlyMap<string, Box>, id: string): number {
  return boxes.get(id)?.height ?? 0;
}

/** Where a box would have straight wires, on the mean. */
function wanted(id: string, pulls: readonly Weighted[], tops: ReadonlyMap<string, number>): Want {
  let [sum, total] = [0, 0];
  for (const { pull, weight } of pulls) {
    const isOut = pull.from === id;
    const other = tops.get(isOut ? pull.to : pull.from) ?? 0;
    const shift = isOut ? pull.toY - pull.fromY : pull.fromY - pull.toY;
    sum += (other + shift) * weight;
    total += weight;
  }
  return total === 0 ? { at: tops.get(id) ?? 0, weight: 0.1 } : { at: sum / total, weight: total };
}

/**
 * Put a column as near to what its boxes want as their order allows: least squares under a fixed
 * order, by pooling neighbours that would overlap. Says how far the farthest box moved.
 */
function settle(
  column: readonly string[],
  wants: readonly Want[],
  boxes: ReadonlyMap<string, Box>,
  tops: Map<string, number>,
): number {
  const pools: { at: number; weight: number; ids: string[] }[] = [];
  const offsets = new Map<string, number>();
  let offset = 0;
  column.forEach((id, index) => {
    offsets.set(id, offset);
    const { at, weight } = wants[index] ?? { at: 0, weight: 0.1 };
    let pool = { at: at - offset, weight, ids: [id] };
    for (
      let above = pools.at(-1);
      above !== undefined && above.at > pool.at;
      above = pools.at(-1)
    ) {
      pools.pop();
      const total = above.weight + pool.weight;
      pool = {
        at: (above.at * above.weight + pool.at * pool.weight) / total,
        weight: total,
        ids: [...above.ids, ...pool.ids],
      };
    }
    pools.push(pool);
    offset += heightOf(boxes, id) + ROW_GAP;
  });
  let change = 0;
  for (const { at, ids } of pools) {
    for (const id of ids) {
      const top = at + (offsets.get(id) ?? 0);
      change = Math.max(change, Math.abs(top - (tops.get(id) ?? 0)));
      tops.set(id, top);
    }
  }
  return change;
}
