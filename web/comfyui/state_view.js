/** What a node read and wrote, and where each value is from. */

import { make } from "./elements.js";
import { goToNode, rootGraph } from "./host.js";
import { nodeOf, titleOf } from "./node_ids.js";
import { t } from "./texts.js";
import { inOrderOfReading, isAtDefault } from "./values.js";
import { nodeLink, valueRow } from "./value_row.js";

/**
 * The block state of a node as elements.
 * @param {BlockState} state
 * @returns {HTMLElement[]}
 */
export function stateView(state) {
  return [written(state), read(state)];
}

/** @param {BlockState} state */
function written(state) {
  const { written: values, components } = state;
  const isNothing = values.length === 0 && components.length === 0;
  return section(
    t("values.wrote"),
    values.length,
    components.length > 0 ? hint(t("values.sets", { names: components.join(", ") })) : null,
    isNothing ? hint(t("values.nothingWritten")) : null,
    rows(
      inOrderOfReading(values).map((value) =>
        valueRow({
          place: placeOf(state, value.name, "written"),
          summary: value.value,
          isChanged: isChanged(state, value.name),
          origin: writtenOrigin(value, state),
        }),
      ),
    ),
  );
}

/** @param {BlockState} state */
function read(state) {
  const told = state.read.filter((value) => !isAtDefault(value));
  const defaults = state.read.filter(isAtDefault);
  const words = defaults.length === 1 ? "values.oneDefault" : "values.defaults";
  return section(
    t("values.read"),
    state.read.length,
    state.read.length === 0 ? hint(t("values.nothingRead")) : null,
    rows(told.map((value) => readRow(value, state))),
    defaults.length === 0
      ? null
      : fold(t(words, { count: defaults.length }), () =>
          rows(defaults.map((value) => readRow(value, state))),
        ),
  );
}

/**
 * @param {ReadValue} value
 * @param {BlockState} state
 */
function readRow(value, state) {
  return valueRow({
    place: placeOf(state, value.name, "read"),
    summary: value.value,
    isChanged: isChanged(state, value.name),
    origin: readOrigin(value, state),
    ...(isAtDefault(value) ? { fallback: t("value.none") } : {}),
  });
}

/**
 * Whose value it replaces; a value that was not there before needs no words.
 * @param {WrittenValue} value
 * @param {BlockState} state
 */
function writtenOrigin(value, state) {
  const before = state.read.find(({ name }) => name === value.name)?.writer ?? "";
  const words =
    value.change === "new"
      ? null
      : value.change === "same"
        ? t("wrote.same")
        : before === "" || before === state.node_id
          ? t("wrote.changed")
          : linkTo(before, "wrote.over");
  return value.warning
    ? make("span", { class: "blockloom-warning" }, words, " ", value.warning)
    : words;
}

/**
 * @param {ReadValue} value
 * @param {BlockState} state
 */
function readOrigin({ came_from: from, writer }, state) {
  if (from === "typed" || from === "default" || writer === "" || writer === state.node_id) {
    return t(from === "default" ? "from.default" : "from.typed");
  }
  return linkTo(
    writer,
    from === "linked" ? "from.linked" : from === "bundle" ? "from.bundle" : "from.state",
  );
}

/**
 * @param {string} id
 * @param {import("./texts.js").TextKey} words
 */
export function linkTo(id, words) {
  const node = nodeOf(id, rootGraph());
  const go = node === undefined ? null : () => goToNode(node);
  return nodeLink(words, titleOf(id, rootGraph()), go);
}

/**
 * @param {BlockState} state
 * @param {string} name
 */
function isChanged(state, name) {
  return state.changed?.includes(name) ?? false;
}

/**
 * @param {BlockState} state
 * @param {string} name
 * @param {"read" | "written"} side
 * @returns {ValuePlace}
 */
export function placeOf(state, name, side) {
  const run = state.run === undefined ? {} : { run: state.run };
  return { node: state.node_id, name, side, ...run };
}

/**
 * @param {string} title
 * @param {number} count
 * @param {...(Node | string | null)} children
 */
export function section(title, count, ...children) {
  return make(
    "section",
    { class: "blockloom-section", role: "group", "aria-label": title },
    make("h4", {}, title, " ", make("span", { class: "blockloom-count" }, String(count))),
    ...children,
  );
}

/** @param {string} words */
export function hint(words) {
  return make("p", { class: "blockloom-hint" }, words);
}

/** @param {readonly HTMLElement[]} items */
export function rows(items) {
  return items.length === 0 ? null : make("ul", { class: "blockloom-rows" }, ...items);
}

/**
 * Something folded, made when it is opened first.
 * @param {string} title
 * @param {() => HTMLElement | null} content
 */
function fold(title, content) {
  const box = make("details", { class: "blockloom-fold" }, make("summary", {}, title));
  box.addEventListener("toggle", () => {
    const inside = box.childElementCount === 1 && box.open ? content() : null;
    if (inside !== null) {
      box.append(inside);
    }
  });
  return box;
}
