/** Nodes 2.0 draws widgets as elements, and anew whenever it likes: style rules find them. */

import { make } from "./elements.js";
import { guarded } from "./host.js";
import { quietRules } from "./quiet_rules.js";
import { t } from "./texts.js";

let isAsked = false;

/**
 * Give the rows of widgets that are not sent their look, once for many that change together.
 * @param {() => { node: string, name: string }[]} rowsNow
 */
export function quietLater(rowsNow) {
  if (isAsked) {
    return;
  }
  isAsked = true;
  requestAnimationFrame(() => {
    isAsked = false;
    guarded(() => {
      style().textContent = quietRules(rowsNow(), t("auto.shown"));
    });
  });
}

/** @returns {HTMLStyleElement} */
function style() {
  const found = document.querySelector("style#blockloom-quiet");
  if (found instanceof HTMLStyleElement) {
    return found;
  }
  const made = make("style", { id: "blockloom-quiet" });
  document.head.append(made);
  return made;
}
