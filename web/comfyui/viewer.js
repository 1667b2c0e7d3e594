/** A value over the whole window: a picture to look into, a film, a sound. */

import { valuePathOf } from "./addresses.js";
import { openDialog } from "./dialog.js";
import { button, make } from "./elements.js";
import { rootGraph } from "./host.js";
import { titleOf } from "./node_ids.js";
import { addressOf } from "./server.js";
import { t } from "./texts.js";
import { playedAs } from "./values.js";
import { pictureCount, summaryText } from "./words.js";
import { fitted, moved, transformOf, zoomed } from "./zoom.js";

/**
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 */
export function openViewer(place, summary) {
  const title = t("viewer.title", { name: place.name, node: titleOf(place.node, rootGraph()) });
  const form = playedAs(summary);
  const about = make("span", { class: "blockloom-viewer-about" }, summaryText(summary));
  if (form !== undefined) {
    const player = make(form === "wav" ? "audio" : "video", {
      class: "blockloom-viewer-player",
      src: addressOf(valuePathOf(place, form)),
      controls: true,
      loop: true,
      autoplay: true,
    });
    openDialog({ title, look: "blockloom-viewer", tools: [about] }, player);
    return;
  }
  const stage = makeStage();
  const tools = [about, ...pages(place, summary, stage.show), ...stage.tools];
  openDialog({ title, look: "blockloom-viewer", tools }, stage.element);
  if (pictureCount(summary) <= 1 || place.item !== undefined) {
    stage.show(addressOf(valuePathOf(onlyPicture(place, summary), "png")));
  }
  stage.element.focus();
}

/**
 * The one picture of a list that has one.
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 * @returns {ValuePlace}
 */
function onlyPicture(place, summary) {
  const [first] = summary.kind === "images" ? (summary.items ?? []) : [];
  return first === undefined || place.item !== undefined ? place : { ...place, item: [first.name] };
}

/**
 * Going through the pictures of a list.
 * @param {ValuePlace} place
 * @param {ValueSummary} summary
 * @param {(src: string) => void} show
 * @returns {HTMLElement[]}
 */
function pages(place, summary, show) {
  const names = (summary.items ?? []).map(({ name }) => name);
  if (summary.kind !== "images" || place.item !== undefined || names.length < 2) {
    return [];
  }
  let at = 0;
  const where = make("span", { "aria-live": "polite" });
  /** @param {number} next */
  const go = (next) => {
    at = (next + names.length) % names.length;
    show(addressOf(valuePathOf({ ...place, item: [names[at] ?? "0"] }, "png")));
    where.textContent = t("viewer.pictureNumber", { number: at + 1, count: names.length });
  };
  go(0);
  return [
    button("‹", () => go(at - 1), label("viewer.previous")),
    where,
    button("›", () => go(at + 1), label("viewer.next")),
  ];
}

/** @param {import("./texts.js").TextKey} key */
function label(key) {
  return { "aria-label": t(key), title: t(key) };
}

const STEP = 1.25;
const NUDGE = 60;

/** A stage with one picture on it, which can be moved and zoomed by pointer, wheel and keys. */
function makeStage() {
  const picture = make("img", { alt: "", draggable: "false" });
  const element = make(
    "div",
    { class: "blockloom-stage", tabindex: "0", role: "img", "aria-label": t("viewer.stage") },
    picture,
  );
  let view = { x: 0, y: 0, scale: 1 };
  /** @param {import("./zoom.js").View} next */
  const look = (next) => {
    view = next;
    picture.style.transform = transformOf(view);
    picture.style.imageRendering = view.scale >= 2 ? "pixelated" : "auto";
  };
  const size = () => ({ width: picture.naturalWidth || 1, height: picture.naturalHeight || 1 });
  const fit = () =>
    look(fitted(size(), { width: element.clientWidth, height: element.clientHeight }));
  const actual = () => look({ ...view, scale: 1 });
  picture.addEventListener("load", fit);
  picture.addEventListener("error", () => {
    element.replaceChildren(make("p", {}, t("viewer.noPicture")));
  });
  /** @type {Record<string, () => void>} */
  const keys = {
    "+": () => look(zoomed(view, STEP)),
    "=": () => look(zoomed(view, STEP)),
    "-": () => look(zoomed(view, 1 / STEP)),
    0: fit,
    1: actual,
    ArrowLeft: () => look(moved(view, NUDGE, 0)),
    ArrowRight: () => look(moved(view, -NUDGE, 0)),
    ArrowUp: () => look(moved(view, 0, NUDGE)),
    ArrowDown: () => look(moved(view, 0, -NUDGE)),
  };
  element.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  });
  byPointer(element, () => view, look);
  const tools = [
    button("−", () => look(zoomed(view, 1 / STEP)), label("viewer.zoomOut")),
    button("+", () => look(zoomed(view, STEP)), label("viewer.zoomIn")),
    button(t("viewer.fit"), fit),
    button("1:1", actual, {
      "aria-label": `1:1, ${t("viewer.actual")}`,
      title: t("viewer.actual"),
    }),
  ];
  /** @param {string} src */
  const show = (src) => {
    picture.src = src;
  };
  return { element, tools, show };
}

/**
 * @param {HTMLElement} stage
 * @param {() => import("./zoom.js").View} view
 * @param {(view: import("./zoom.js").View) => void} look
 */
function byPointer(stage, view, look) {
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = stage.getBoundingClientRect();
    const at = {
      x: event.clientX - box.x - box.width / 2,
      y: event.clientY - box.y - box.height / 2,
    };
    look(zoomed(view(), Math.exp(-event.deltaY / 400), at));
  });
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (event.buttons !== 0 && stage.hasPointerCapture(event.pointerId)) {
      look(moved(view(), event.movementX, event.movementY));
    }
  });
}
