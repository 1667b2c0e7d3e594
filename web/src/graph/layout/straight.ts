/** Chains made perfectly straight: each moves as one piece, down only, until nothing overlaps. */

import type { Columns } from "./columns";
import type { Box, Pull } from "./drawing";

const MOST_ROUNDS = 200;

/** Tops where the wires of ``straight`` are level; as they were where that cannot be. */
export function straightened(
  columns: Columns,
  boxes: ReadonlyMap<string, Box>,
  straight: readonly Pull[],
  tops: ReadonlyMap<string, number>,
  gap: number,
): ReadonlyMap<string, number> {
  const pieces = piecesOf(boxes, straight);
  const tallest = new Map<string, number>();
  for (const [id, { key, offset }] of pieces) {
    const top = (tops.get(id) ?? 0) - offset;
    tallest.set(key, Math.max(tallest.get(key) ?? Number.NEGATIVE_INFINITY, top));
  }
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (!pushDown(columns, boxes, pieces, tallest, gap)) {
      return new Map(
        [...pieces].map(([id, { key, offset }]) => [id, (tallest.get(key) ?? 0) + offset]),
      );
    }
  }
  return tops;
}

interface Piece {
  /** The first box of the chain. */
  readonly key: string;
  /** How far below the first box's top this one has its own. */
  readonly offset: number;
}

function piecesOf(
  boxes: ReadonlyMap<string, Box>,
  straight: readonly Pull[],
): ReadonlyMap<string, Piece> {
  const into = new Map(straight.map((pull) => [pull.to, pull]));
  const pieces = new Map<string, Piece>();
  for (const id of boxes.keys()) {
    let [key, offset] = [id, 0];
    const seen = new Set<string>();
    for (let pull = into.get(id); pull !== undefined && !seen.has(key); pull = into.get(key)) {
      seen.add(key);
      offset += pull.fromY - pull.toY;
      key = pull.from;
    }
    pieces.set(id, { key, offset });
  }
  return pieces;
}

/** One round over all neighbours in columns; says whether anything had to move. */
function pushDown(
  columns: Columns,
  boxes: ReadonlyMap<string, Box>,
  pieces: ReadonlyMap<string, Piece>,
  at: Map<string, number>,
  gap: number,
): boolean {
  let hasMoved = false;
  for (const column of columns) {
    column.forEach((id, index) => {
      const [above, piece] = [column[index - 1], pieces.get(id)];
      const upper = above === undefined ? undefined : pieces.get(above);
      if (above === undefined || piece === undefined || upper === undefined) {
        return;
      }
      const least = (at.get(upper.key) ?? 0) + upper.offset + (boxes.get(above)?.height ?? 0) + gap;
      const overlap = least - ((at.get(piece.key) ?? 0) + piece.offset);
      if (overlap > 0.01) {
        at.set(piece.key, (at.get(piece.key) ?? 0) + overlap);
        hasMoved = true;
      }
    });
  }
  return hasMoved;
}
