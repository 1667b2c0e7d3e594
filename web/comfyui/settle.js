/** Nodes that were laid out without knowing how tall they are on screen are moved apart. */

import { isOurs } from "./node_ids.js";

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/**
 * The upper ends of boxes of which none covers another; each is moved down only as far as needed.
 * @param {readonly Box[]} boxes
 * @param {number} gap
 * @returns {number[]}
 */
export function apart(boxes, gap) {
  const tops = boxes.map(({ y }) => y);
  const order = boxes.map((_, index) => index).toSorted((a, b) => (tops[a] ?? 0) - (tops[b] ?? 0));
  for (const [rank, index] of order.entries()) {
    const box = boxes[index];
    if (box === undefined) {
      continue;
    }
    // What was moved may now cover the next one, so all those above are looked at, lowest last.
    const above = order
      .slice(0, rank)
      .flatMap((other) => {
        const found = boxes[other];
        return found === undefined ? [] : [{ ...found, y: tops[other] ?? found.y }];
      })
      .toSorted((a, b) => a.y - b.y);
    for (const other of above) {
      const top = tops[index] ?? box.y;
      const isBeside = box.x >= other.x + other.width || other.x >= box.x + box.width;
      const isApart = top >= other.y + other.height + gap || other.y >= top + box.height + gap;
      if (!isBeside && !isApart) {
        tops[index] = other.y + other.height + gap;
      }
    }
  }
  return tops;
}

/** How tall a title bar is; it stands above a node's position. */
export const TITLE = 30;
const [GAP, FAR, LEAST] = [20, 60, 60];
/** Milliseconds after which nodes are drawn. */
const DRAWN = 200;

/**
 * Once they are drawn, move nodes apart that cover each other.
 * @param {readonly ComfyNode[]} nodes
 * @returns {Promise<void>}
 */
export async function settle(nodes) {
  await drawn();
  if (document.querySelector("[data-widget-name]") !== null) {
    // As elements nodes grow to what they show, which is less than the classic canvas shows.
    for (const node of nodes) {
      if (isOurs(node) && drawnHeight(node) <= node.size[1] + TITLE + 1) {
        node.setSize([node.size[0], LEAST]);
      }
    }
    await drawn();
  }
  const boxes = nodes.map(boxOf);
  for (const [index, top] of apart(boxes, GAP).entries()) {
    const node = nodes[index];
    if (node !== undefined && top + TITLE !== node.pos[1]) {
      node.pos = [node.pos[0], top + TITLE];
    }
  }
}

/** @returns {Promise<void>} */
function drawn() {
  return new Promise((resolve) => {
    setTimeout(resolve, DRAWN);
  });
}

/**
 * The place a node takes, its title included; in Nodes 2.0 it may be larger than it says.
 * @param {ComfyNode} node
 * @returns {Box}
 */
export function boxOf(node) {
  const [width, height] = node.renderingSize ?? node.size;
  const tall = Math.max(height + TITLE, drawnHeight(node));
  return { x: node.pos[0], y: node.pos[1] - TITLE, width, height: tall };
}

/**
 * The nearest place downwards where nothing stands.
 * @param {readonly Box[]} boxes
 * @param {Box} box
 * @returns {number}
 */
export function freeBelow(boxes, { x, y, width, height }) {
  let top = y;
  for (const other of boxes.toSorted((a, b) => a.y - b.y)) {
    const isBeside = other.x > x + width + GAP || other.x + other.width < x - GAP;
    const isApart = other.y > top + height + GAP || other.y + other.height < top - GAP;
    if (!isBeside && !isApart) {
      top = other.y + other.height + FAR;
    }
  }
  return top;
}

/**
 * How tall Nodes 2.0 has drawn a node; 0 on the classic canvas.
 * @param {ComfyNode} node
 */
function drawnHeight(node) {
  const element = document.querySelector(`[data-node-id="${CSS.escape(String(node.id))}"]`);
  return element instanceof HTMLElement ? element.offsetHeight : 0;
}
