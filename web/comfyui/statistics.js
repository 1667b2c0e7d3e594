/** Numbers about the numbers in a value, on request. */

import { statisticsPath } from "./addresses.js";
import { button, draw, make } from "./elements.js";
import { outlineOf, placeOf } from "./histogram.js";
import { getJson } from "./server.js";
import { t } from "./texts.js";
import { numberText, percentText, roughNumber } from "./words.js";

/**
 * A button that becomes the statistics.
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 */
export function statisticsOf(place, summary) {
  // Pictures come in lists: the first one is measured.
  const isList = summary.kind === "images" && place.item === undefined;
  const measured = isList ? { ...place, item: [summary.items?.[0]?.name ?? "0"] } : place;
  const box = make("div", { class: "blockloom-statistics" });
  const ask = async () => {
    box.replaceChildren(t("state.loading"));
    try {
      box.replaceChildren(...measures(await getJson(statisticsPath(measured))));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      box.replaceChildren(make("p", { role: "alert" }, t("details.statisticsFailed", { reason })));
    }
  };
  box.append(button(t("details.statistics"), ask));
  return box;
}

const [WIDTH, HEIGHT] = [256, 56];

/**
 * @param {Statistics} found
 * @returns {HTMLElement[]}
 */
function measures(found) {
  const told = /** @type {[string, string][]} */ ([
    [t("details.minimum"), roughNumber(found.minimum)],
    [t("details.maximum"), roughNumber(found.maximum)],
    [t("details.mean"), roughNumber(found.mean)],
    [t("details.std"), roughNumber(found.std)],
    [t("details.count"), numberText(found.count)],
    [t("details.zeros"), percentText(found.zero_share)],
    ...(found.nan_count > 0 ? [[t("details.nan"), numberText(found.nan_count)]] : []),
    ...(found.inf_count > 0 ? [[t("details.inf"), numberText(found.inf_count)]] : []),
  ]);
  const list = make(
    "dl",
    { class: "blockloom-facts" },
    ...told.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]),
  );
  return found.histogram.length === 0 ? [list] : [histogram(found), list];
}

/**
 * How often which numbers come, with lines at zero and at the mean.
 * @param {Statistics} found
 */
function histogram({ histogram: bins, minimum, maximum, mean }) {
  const label = t("details.histogram", { from: roughNumber(minimum), to: roughNumber(maximum) });
  /** @param {number | null} x @param {string} look */
  const line = (x, look) =>
    x === null ? null : draw("line", { x1: x, x2: x, y1: 0, y2: HEIGHT, class: look });
  return make(
    "figure",
    { class: "blockloom-histogram" },
    draw(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": label,
      },
      line(placeOf(0, minimum, maximum, WIDTH), "blockloom-zero"),
      draw("path", { d: outlineOf(bins, WIDTH, HEIGHT), class: "blockloom-bars" }),
      line(placeOf(mean, minimum, maximum, WIDTH), "blockloom-mean"),
    ),
    make(
      "figcaption",
      {},
      make("span", {}, roughNumber(minimum)),
      make("span", {}, roughNumber(maximum)),
    ),
  );
}
