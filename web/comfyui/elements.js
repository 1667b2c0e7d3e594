/** Making elements. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [properties] ``class``, ``on…`` listeners, attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  give(element, properties);
  put(element, children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, unknown>} properties
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function draw(tag, properties, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  give(element, properties);
  put(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {Record<string, unknown>} properties
 */
function give(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(name, String(value));
    }
  }
}

/**
 * @param {Element} element
 * @param {readonly Child[]} children
 */
function put(element, children) {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
}

/**
 * A button with words or a sign; a sign needs a label.
 * @param {string} words
 * @param {() => unknown} act
 * @param {Record<string, unknown>} [properties]
 */
export function button(words, act, properties = {}) {
  return make(
    "button",
    {
      type: "button",
      class: "blockloom-button",
      ...properties,
      onclick: (/** @type {Event} */ event) => {
        event.stopPropagation();
        act();
      },
    },
    words,
  );
}

/** Have the look of our parts at hand. */
export function loadStyles() {
  const href = new URL("style.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`) === null) {
    document.head.append(make("link", { rel: "stylesheet", href }));
  }
}

/**
 * Keys pressed inside our parts do nothing to the canvas: Delete would delete the node.
 * @param {HTMLElement} element
 */
export function keepKeys(element) {
  element.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) {
      event.stopPropagation();
    }
  });
}
