/** The geometry of histograms. */

/**
 * The bars as one outline on a baseline at ``height``; the highest bin is as high as that.
 * @param {readonly number[]} bins
 * @param {number} width
 * @param {number} height
 * @returns {string}
 */
export function outlineOf(bins, width, height) {
  const most = Math.max(...bins, 1);
  const step = width / Math.max(bins.length, 1);
  return bins
    .map((count, index) => {
      // What is there at all is to be seen, however little it is.
      const tall = Math.max((count / most) * height, 1);
      const at = `${rounded(index * step)} ${rounded(height - tall)}`;
      return count === 0 ? "" : `M${at}h${rounded(step)}v${rounded(tall)}h-${rounded(step)}z`;
    })
    .join("");
}

/**
 * Where a number stands between the least and the greatest; null where it is not between.
 * @param {number | null} value
 * @param {number | null} minimum
 * @param {number | null} maximum
 * @param {number} width
 * @returns {number | null}
 */
export function placeOf(value, minimum, maximum, width) {
  if (value === null || minimum === null || maximum === null || maximum <= minimum) {
    return null;
  }
  const share = (value - minimum) / (maximum - minimum);
  return share < 0 || share > 1 ? null : share * width;
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 100) / 100;
}
