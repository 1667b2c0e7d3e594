/** Seeds and the widgets beside them that say what becomes of them after each run. */

import { guarded } from "./host.js";
import { setTyped } from "./typed.js";

/** @type {Set<ComfyWidget>} */
const atRest = new Set();

/**
 * Whether what happens to a widget is ComfyUI's doing, and nobody typing.
 * @param {ComfyWidget} widget
 */
export function isAtRest(widget) {
  return atRest.has(widget);
}

/**
 * A seed stays as it is from run to run, unless somebody wants another each time: that types it.
 * ComfyUI writes the seed anew at each run, also the same one: that is nobody typing.
 * @param {ComfyNode} node
 * @param {ComfyWidget} widget
 * @param {() => void} typed what to do once it is typed
 */
export function fixSeed(node, widget, typed) {
  for (const companion of widget.linkedWidgets ?? []) {
    if (!/^control_(after|before)_generate$/.test(companion.name)) {
      continue;
    }
    companion.value = "fixed";
    for (const name of /** @type {const} */ (["callback", "beforeQueued", "afterQueued"])) {
      const inner = companion[name];
      /** @this {unknown} @param {any[]} args */
      companion[name] = function asked(...args) {
        guarded(() => {
          if (companion.value !== "fixed" && setTyped(node, widget.name, true)) {
            typed();
          }
        });
        return untouched(widget, () => inner?.apply(/** @type {any} */ (this), args));
      };
    }
  }
}

/**
 * What happens meanwhile to a widget is nobody typing.
 * @template T
 * @param {ComfyWidget} widget
 * @param {() => T} act
 * @returns {T}
 */
function untouched(widget, act) {
  atRest.add(widget);
  try {
    return act();
  } finally {
    atRest.delete(widget);
  }
}
