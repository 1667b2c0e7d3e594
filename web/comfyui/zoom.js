/** Looking at a picture closely: where it lies on the stage and how large it is drawn. */

/** @typedef {{ x: number, y: number, scale: number }} View ``x`` and ``y`` are the middle of the stage in pixels of the picture */
/** @typedef {{ width: number, height: number }} Size */

const [LEAST, MOST] = [0.02, 64];

/**
 * The whole picture, as large as the stage has room for.
 * @param {Size} picture
 * @param {Size} stage
 * @returns {View}
 */
export function fitted(picture, stage) {
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
  return { x: picture.width / 2, y: picture.height / 2, scale: limited(scale) };
}

/**
 * Larger or smaller, with the point of the stage under the pointer staying where it is.
 * @param {View} view
 * @param {number} factor
 * @param {{ x: number, y: number }} at from the middle of the stage
 * @returns {View}
 */
export function zoomed(view, factor, at = { x: 0, y: 0 }) {
  const scale = limited(view.scale * factor);
  return {
    x: view.x + at.x / view.scale - at.x / scale,
    y: view.y + at.y / view.scale - at.y / scale,
    scale,
  };
}

/**
 * @param {View} view
 * @param {number} x in pixels of the stage
 * @param {number} y
 * @returns {View}
 */
export function moved(view, x, y) {
  return { ...view, x: view.x - x / view.scale, y: view.y - y / view.scale };
}

/**
 * The CSS transform of a picture whose upper left corner is the middle of the stage.
 * @param {View} view
 */
export function transformOf({ x, y, scale }) {
  return `scale(${scale}) translate(${-x}px, ${-y}px)`;
}

/** @param {number} scale */
function limited(scale) {
  return Number.isFinite(scale) ? Math.min(Math.max(scale, LEAST), MOST) : 1;
}
