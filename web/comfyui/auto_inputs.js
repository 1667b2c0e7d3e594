/**
 * Inputs that are sent only where somebody typed into them.
 *
 * ComfyUI sends every widget. A value that is always sent would take the place of the one that
 * comes along the main wire, so the widgets of Blockloom's nodes are quiet until they are touched.
 */

import { guarded, noteChange, shownGraph } from "./host.js";
import { quietLater } from "./quiet.js";
import { fixSeed, isAtRest } from "./seeds.js";
import { t } from "./texts.js";
import { autoInputs, isTyped, setTyped, typedOf } from "./typed.js";

/**
 * @typedef {object} Watched
 * @property {ComfyNode} node
 * @property {string | undefined} label as ComfyUI or the person calls it
 * @property {string | undefined} shown as it is called on screen now
 * @property {boolean} isShown whether the value on screen is the one used, sent or not
 */

/** @type {WeakMap<ComfyWidget, Watched>} */
const watched = new WeakMap();

/**
 * Make the widgets of a new node quiet until they are touched.
 * @param {ComfyNode} node
 */
export function watchWidgets(node) {
  const inputs = autoInputs(node.constructor.nodeData);
  for (const widget of node.widgets ?? []) {
    const input = inputs.get(widget.name);
    if (input !== undefined) {
      watchWidget(node, widget, input.isShown);
      fixSeed(node, widget, () => showTyped(node));
    }
  }
  showTyped(node);
}

/**
 * @param {ComfyNode} node
 * @param {ComfyWidget} widget
 * @param {boolean} isShown
 */
function watchWidget(node, widget, isShown) {
  watched.set(widget, { node, label: widget.label, shown: widget.label, isShown });
  const inner = widget.callback;
  widget.callback = function callback(...args) {
    const result = inner?.apply(this, args);
    guarded(() => {
      touched(node, widget);
    });
    return result;
  };
  sendIfTyped(node, widget);
  if (!isShown) {
    showAuto(node, widget);
  }
}

/**
 * Somebody typed into a widget, or gave it another name.
 * @param {ComfyNode} node
 * @param {ComfyWidget} widget
 */
function touched(node, widget) {
  const known = watched.get(widget);
  if (isAtRest(widget)) {
    return;
  }
  if (known !== undefined && widget.label !== known.shown) {
    known.label = widget.label;
    showTyped(node);
    return;
  }
  if (setTyped(node, widget.name, true)) {
    showTyped(node);
  }
}

/**
 * Other extensions may set ``serializeValue`` after us: whatever it is, it is asked only for what
 * was typed.
 * @param {ComfyNode} node
 * @param {ComfyWidget} widget
 */
function sendIfTyped(node, widget) {
  let inner = widget.serializeValue;
  /** @this {ComfyWidget} @param {unknown[]} args */
  function serializeValue(...args) {
    if (!isTyped(node, widget.name)) {
      return undefined;
    }
    return inner === undefined ? widget.value : inner.apply(this, args);
  }
  Object.defineProperty(widget, "serializeValue", {
    configurable: true,
    enumerable: true,
    get: () => serializeValue,
    set: (other) => {
      inner = other === serializeValue ? inner : other;
    },
  });
}

/**
 * On the classic canvas a quiet widget shows "auto" in place of a value that means nothing.
 * @param {ComfyNode} node
 * @param {ComfyWidget} widget
 */
function showAuto(node, widget) {
  const inner = inherited(widget, "_displayValue");
  if (inner?.get === undefined) {
    return;
  }
  const { get } = inner;
  guarded(() =>
    Object.defineProperty(widget, "_displayValue", {
      configurable: true,
      get() {
        return isTyped(node, widget.name) ? get.call(this) : t("auto.shown");
      },
    }),
  );
}

/**
 * @param {object} object
 * @param {string} name
 * @returns {PropertyDescriptor | undefined}
 */
function inherited(object, name) {
  for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/**
 * Say on the labels which widgets are sent and which are not.
 * @param {ComfyNode} node
 */
export function showTyped(node) {
  for (const widget of node.widgets ?? []) {
    const known = watched.get(widget);
    if (known === undefined || known.node !== node) {
      continue;
    }
    const name = known.label ?? widget.name;
    const isSaid = known.isShown || isTyped(node, widget.name);
    known.shown = isSaid ? known.label : t("auto.label", { name });
    if (widget.label !== known.shown) {
      widget.label = known.shown;
    }
    const field = widget.inputEl ?? widget.element;
    if (field instanceof HTMLTextAreaElement) {
      field.placeholder = known.shown ?? widget.name;
    }
    field?.classList.toggle("blockloom-auto", !isSaid);
  }
  showQuiet();
  guarded(() => node.setDirtyCanvas(true, true));
}

/**
 * Whether a widget says nothing: its value is not sent, and not what the node uses.
 * @param {ComfyNode} node
 * @param {ComfyWidget} widget
 */
function isQuiet(node, widget) {
  const known = watched.get(widget);
  return known !== undefined && !known.isShown && !isTyped(node, widget.name);
}

/** Have the rows of Nodes 2.0 say it too. */
function showQuiet() {
  quietLater(() =>
    shownGraph().nodes.flatMap((node) =>
      (node.widgets ?? [])
        .filter((widget) => isQuiet(node, widget))
        .map(({ name }) => ({ node: String(node.id), name })),
    ),
  );
}

/**
 * A saved or copied node has what its file says: setting the values on the way may have touched
 * widgets.
 * @param {ComfyNode} node
 * @param {{ properties?: Record<string, unknown> }} saved
 */
export function restoreTyped(node, saved) {
  const properties = /** @type {BlockloomProperties | undefined} */ (
    saved.properties?.["blockloom"]
  );
  node.properties.blockloom = {
    ...node.properties.blockloom,
    typed: [...(Array.isArray(properties?.typed) ? properties.typed : [])],
  };
  showTyped(node);
}

/**
 * What the menu of a node offers: every quiet or typed input by its name.
 * @param {ComfyNode} node
 * @returns {{ content: string, callback: () => void }[]}
 */
export function typedMenu(node) {
  const widgets = (node.widgets ?? []).filter((widget) => watched.has(widget));
  const typed = widgets.filter(({ name }) => isTyped(node, name));
  const entries = widgets.map((widget) => {
    const { name } = widget;
    const isSent = isTyped(node, name);
    const shown = watched.get(widget)?.label ?? name;
    return {
      content: t(isSent ? "auto.release" : "auto.type", { name: shown }),
      callback: () => {
        choose(node, [name], !isSent);
      },
    };
  });
  const all = {
    content: t("auto.releaseAll"),
    callback: () => {
      choose(node, typedOf(node), false);
    },
  };
  return typed.length > 1 ? [all, ...entries] : entries;
}

/**
 * @param {ComfyNode} node
 * @param {readonly string[]} names
 * @param {boolean} isSent
 */
function choose(node, names, isSent) {
  for (const name of names) {
    setTyped(node, name, isSent);
  }
  showTyped(node);
  noteChange();
}
