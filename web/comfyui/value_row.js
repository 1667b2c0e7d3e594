/** A value on screen: its name, what it is, where it is from; opens to all there is to say of it. */

import { thumbnailPath, valuePathOf } from "./addresses.js";
import { button, make } from "./elements.js";
import { addressOf } from "./server.js";
import { statisticsOf } from "./statistics.js";
import { t } from "./texts.js";
import { formsOf, isDrawable, isNumeric, isPicture, playedAs } from "./values.js";
import { openViewer } from "./viewer.js";
import { bytesText, shapeText, summaryText } from "./words.js";

/**
 * @typedef {object} Row
 * @property {ValuePlace} place
 * @property {ValueSummary | null} summary
 * @property {boolean} [isChanged] since the run before
 * @property {Node | string | null} [origin] who wrote it
 * @property {string} [fallback] what stands for a value that is not kept, or of which there is none
 */

const SMALL = 48;

/**
 * @param {Row} row
 * @returns {HTMLLIElement}
 */
export function valueRow({ place, summary, isChanged = false, origin = null, fallback }) {
  const text = summary === null ? (fallback ?? t("value.notKept")) : summaryText(summary);
  const isOpenable = summary !== null && summary.kind !== "none";
  const mark = isChanged
    ? make("span", {
        class: "blockloom-mark",
        role: "img",
        "aria-label": t("mark.changed"),
        title: t("mark.changed"),
      })
    : null;
  const small =
    summary !== null && isDrawable(summary) ? thumbnail(place, SMALL, "", "blockloom-small") : null;
  const opener = make(
    "button",
    {
      type: "button",
      class: "blockloom-opener",
      "aria-expanded": isOpenable ? "false" : undefined,
      disabled: !isOpenable,
    },
    make("span", { class: "blockloom-name", title: place.name }, place.name),
    mark,
    make("span", { class: "blockloom-text", title: text }, text),
    small,
  );
  const about = origin === null ? null : make("div", { class: "blockloom-origin" }, origin);
  const item = make("li", { class: "blockloom-row", "data-value": place.name }, opener, about);
  opener.addEventListener("click", (event) => {
    event.stopPropagation();
    toggle(item, opener, place, summary);
  });
  return item;
}

/**
 * @param {HTMLElement} item
 * @param {HTMLElement} opener
 * @param {ValuePlace} place
 * @param {ValueSummary | null} summary
 */
function toggle(item, opener, place, summary) {
  const details = item.querySelector(":scope > .blockloom-details");
  opener.setAttribute("aria-expanded", String(details === null));
  if (details !== null) {
    details.remove();
  } else if (summary !== null) {
    item.append(valueDetails(place, summary));
  }
}

/**
 * A small picture of a value; nothing where there is none any more.
 * @param {ValuePlace} place
 * @param {number} size
 * @param {string} alt
 * @param {string} look
 */
export function thumbnail(place, size, alt, look) {
  return make("img", {
    class: look,
    src: addressOf(thumbnailPath(place, size)),
    alt,
    draggable: "false",
    loading: "lazy",
    onerror: (/** @type {Event} */ event) => {
      if (event.target instanceof HTMLElement) {
        event.target.hidden = true;
      }
    },
  });
}

const LARGE = 512;

/**
 * A value as a picture; a click opens the full view.
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 */
export function drawnValue(place, summary) {
  const label = `${t("details.open")}: ${place.name}`;
  return make(
    "button",
    {
      type: "button",
      class: "blockloom-drawn",
      "aria-label": label,
      title: t("details.open"),
      onclick: (/** @type {Event} */ event) => {
        event.stopPropagation();
        openViewer(place, summary);
      },
    },
    thumbnail(place, LARGE, place.name, "blockloom-picture"),
  );
}

/**
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 */
function valueDetails(place, summary) {
  const left = summary.left_out ?? 0;
  const text =
    summary.kind === "text"
      ? make(
          "p",
          { class: "blockloom-whole-text" },
          String(summary.value ?? summary.text),
          left === 0 ? null : make("em", {}, ` … ${t("value.moreText", { count: left })}`),
        )
      : null;
  return make(
    "div",
    { class: "blockloom-details" },
    isDrawable(summary) ? drawnValue(place, summary) : null,
    player(place, summary),
    text,
    facts(summary),
    items(place, summary),
    isNumeric(summary) || isPicture(summary.kind) ? statisticsOf(place, summary) : null,
    downloads(place, summary),
  );
}

/**
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 */
function player(place, summary) {
  const form = playedAs(summary);
  return form === undefined
    ? null
    : make(form === "wav" ? "audio" : "video", {
        class: "blockloom-player",
        src: addressOf(valuePathOf(place, form)),
        controls: true,
        loop: true,
        preload: "none",
      });
}

/** @param {ValueSummary} summary */
function facts(summary) {
  const told = /** @type {[string, string][]} */ ([
    [t("details.type"), summary.type],
    [t("details.shape"), summary.shape === undefined ? "" : shapeText(summary.shape)],
    [t("details.dtype"), summary.dtype ?? ""],
    [t("details.device"), summary.device ?? ""],
    [t("details.size"), summary.size > 0 ? bytesText(summary.size) : ""],
  ]).filter(([, value]) => value !== "");
  return make("dl", { class: "blockloom-facts" }, ...told.flatMap(pair));
}

/** @param {[string, string]} fact */
function pair([name, value]) {
  return [make("dt", {}, name), make("dd", {}, value)];
}

/**
 * What is in a list or dictionary; of pictures there is the picture.
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 */
function items(place, summary) {
  const inside = isPicture(summary.kind) ? [] : (summary.items ?? []);
  return inside.length === 0
    ? null
    : make("ul", { class: "blockloom-rows" }, ...inside.map((item) => itemRow(place, item)));
}

/**
 * @param {ValuePlace} place
 * @param {ValueSummary & { name: string }} item
 */
function itemRow(place, item) {
  const row = valueRow({
    place: { ...place, item: [...(place.item ?? []), item.name] },
    summary: item,
  });
  const name = row.querySelector(".blockloom-name");
  if (name !== null) {
    name.textContent = item.name;
  }
  return row;
}

/**
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 */
function downloads(place, summary) {
  const forms = formsOf(summary);
  const file = [place.node, place.name, ...(place.item ?? [])]
    .join("_")
    .replaceAll(/[^\w.-]+/g, "-");
  const links = forms.map((form) =>
    make(
      "a",
      {
        class: "blockloom-button",
        href: addressOf(valuePathOf(place, form)),
        download: `${file}.${form}`,
        "aria-label": t("details.download", { form }),
        title: t("details.download", { form }),
      },
      form,
    ),
  );
  return forms.length === 0 ? null : make("div", { class: "blockloom-downloads" }, ...links);
}

/**
 * Where something is from; leads there.
 * @param {import("./texts.js").TextKey} words with ``{node}`` in them
 * @param {string} title
 * @param {(() => void) | null} go null where the node is not there any more
 */
export function nodeLink(words, title, go) {
  const shown = t(words, { node: title });
  return go === null
    ? shown
    : button(shown, go, { class: "blockloom-link", title: t("from.goTo", { node: title }) });
}
