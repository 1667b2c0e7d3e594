/** The tab at the side: the whole state at the selected node, and what can be done to the graph. */

import { nodePath } from "./addresses.js";
import { button, keepKeys, make } from "./elements.js";
import { app, attempt, rootGraph, say, selectedNodes } from "./host.js";
import { expandNode } from "./expand.js";
import { findProblems, problemList } from "./missing.js";
import { isOurs, runId, titleOf } from "./node_ids.js";
import { getJson, ServerError } from "./server.js";
import { hint, linkTo, rows, section } from "./state_view.js";
import { chooseTemplate } from "./templates.js";
import { t } from "./texts.js";
import { fittingValues } from "./values.js";
import { valueRow } from "./value_row.js";

export const TAB = "blockloom";
/** How often to look whether another node is selected, in milliseconds. */
const PACE = 300;

/** @type {Tab | null} */
let shown = null;
/** @type {readonly Problem[] | null} */
let problems = null;

export const tab = {
  id: TAB,
  title: "Blockloom",
  icon: "pi pi-sitemap",
  tooltip: "Blockloom",
  type: "custom",
  /** @param {HTMLElement} container */
  render(container) {
    shown?.close();
    shown = new Tab(container);
  },
  destroy() {
    shown?.close();
    shown = null;
  },
};

/** Check the graph, and show what is missing in the tab. */
export async function showMissing() {
  problems = await findProblems();
  if (shown?.element.isConnected === true) {
    shown.showProblems();
  } else {
    await app.extensionManager.command?.execute(`Workspace.ToggleSidebarTab.${TAB}`);
  }
}

/** Expand the node that is selected. */
export async function expandSelected() {
  const node = selectedNodes().find(isOurs);
  if (node === undefined) {
    say("info", t("action.selectFirst"));
  } else {
    await expandNode(node);
  }
}

/**
 * A node has run.
 * @param {string} id
 */
export function tellTab(id) {
  if (shown !== null && shown.id === id) {
    void shown.load();
  }
}

class Tab {
  /** @param {HTMLElement} container */
  constructor(container) {
    this.id = "";
    this.selected = "";
    this.filter = "";
    this.isOnlyChanged = false;
    /** @type {WholeState | null} */
    this.whole = null;
    /** @type {Map<string, Map<string, string | null | undefined>>} */
    this.before = new Map();
    this.missing = make("div", {});
    this.state = make("div", { class: "blockloom-state" });
    this.element = make(
      "div",
      { class: "blockloom-tab" },
      make(
        "div",
        { class: "blockloom-actions" },
        button(t("action.template"), () => attempt(chooseTemplate)),
        button(t("action.expand"), () => attempt(expandSelected), {
          title: t("action.expandNode"),
        }),
        button(t("action.missing"), () => attempt(showMissing)),
      ),
      this.missing,
      this.state,
    );
    keepKeys(this.element);
    container.replaceChildren(this.element);
    this.timer = setInterval(() => this.look(), PACE);
    this.showProblems();
    this.look();
  }

  close() {
    clearInterval(this.timer);
  }

  /** Follow what is selected on the canvas. */
  look() {
    const [node, ...others] = selectedNodes();
    const id = node === undefined || others.length > 0 ? "" : (runId(node, rootGraph()) ?? "");
    const selected = `${id} ${node?.title ?? ""} ${others.length}`;
    if (selected === this.selected) {
      return;
    }
    [this.selected, this.id, this.whole] = [selected, id, null];
    if (id === "" || node === undefined) {
      this.state.replaceChildren(hint(t("tab.selectOne")));
    } else if (isOurs(node)) {
      this.state.replaceChildren(this.heading(), hint(t("state.loading")));
      void this.load();
    } else {
      this.state.replaceChildren(hint(t("tab.notOurs", { node: node.title })));
    }
  }

  heading() {
    return make("h3", {}, t("tab.state", { node: titleOf(this.id, rootGraph()) }));
  }

  async load() {
    const { id } = this;
    try {
      const whole = await getJson(nodePath("state", id));
      if (id === this.id) {
        this.keep(whole);
        this.show();
      }
    } catch (error) {
      if (id === this.id) {
        const isUnknown = error instanceof ServerError && error.status === 404;
        const reason = error instanceof Error ? error.message : String(error);
        const words = isUnknown ? t("state.notRun") : t("state.failed", { reason });
        this.state.replaceChildren(this.heading(), hint(words));
      }
    }
  }

  /**
   * What was there when the tab showed this node last is what changes are told against.
   * @param {WholeState} whole
   */
  keep(whole) {
    const keys = new Map(whole.values.map(({ name, key }) => [name, key]));
    if (this.whole !== null) {
      const old = new Map(this.whole.values.map(({ name, key }) => [name, key]));
      this.before.set(this.id, old);
    }
    this.whole = whole;
    this.keys = keys;
  }

  /** @param {StateValue} value */
  isChanged({ name, key }) {
    const before = this.before.get(this.id);
    return before !== undefined && before.get(name) !== key;
  }

  show() {
    const { whole } = this;
    if (whole === null) {
      return;
    }
    if (!whole.has_wire) {
      this.state.replaceChildren(this.heading(), hint(t("whole.noWire")));
      return;
    }
    const list = make("div", {});
    const filter = make("input", {
      type: "search",
      class: "blockloom-field",
      value: this.filter,
      placeholder: t("whole.filter"),
      "aria-label": t("whole.filter"),
      oninput: () => {
        this.filter = filter.value;
        this.list(list, whole);
      },
    });
    this.state.replaceChildren(this.heading(), filter, this.onlyChanged(list, whole), list);
    this.list(list, whole);
  }

  /**
   * @param {HTMLElement} list
   * @param {WholeState} whole
   */
  onlyChanged(list, whole) {
    const box = make("input", {
      type: "checkbox",
      checked: this.isOnlyChanged,
      onchange: () => {
        this.isOnlyChanged = box.checked;
        this.list(list, whole);
      },
    });
    const label = make("label", { class: "blockloom-check" }, box, t("whole.onlyChanged"));
    label.hidden = !this.before.has(this.id);
    return label;
  }

  /**
   * @param {HTMLElement} list
   * @param {WholeState} whole
   */
  list(list, whole) {
    const isFiltered = this.filter !== "" || (this.isOnlyChanged && this.before.has(this.id));
    const fitting = fittingValues(whole.values, this.filter, (id) => titleOf(id, rootGraph()));
    const values = fitting.filter(
      (value) => !this.isOnlyChanged || !this.before.has(this.id) || this.isChanged(value),
    );
    const given = values.filter((value) => value.is_given);
    const made = values.filter((value) => !value.is_given);
    list.replaceChildren(
      ...(isFiltered && values.length === 0 ? [hint(t("whole.noMatch"))] : []),
      ...this.part(t("whole.given"), given, isFiltered, t("whole.nothingGiven")),
      ...this.part(t("whole.made"), made, isFiltered, t("whole.nothingMade")),
      ...(isFiltered || whole.components.length === 0
        ? []
        : [
            section(
              t("whole.components"),
              whole.components.length,
              hint(whole.components.join(", ")),
            ),
          ]),
    );
  }

  /**
   * @param {string} title
   * @param {readonly StateValue[]} values
   * @param {boolean} isFiltered
   * @param {string} none
   */
  part(title, values, isFiltered, none) {
    const isNothing = values.length === 0;
    return isNothing && isFiltered
      ? []
      : [
          section(
            title,
            values.length,
            isNothing ? hint(none) : null,
            rows(values.map((value) => this.row(value))),
          ),
        ];
  }

  /** @param {StateValue} value */
  row(value) {
    const writer =
      value.writer === ""
        ? null
        : linkTo(value.writer, value.is_given ? "from.stateUser" : "from.state");
    const bundles = value.bundles.map((name) => make("span", { class: "blockloom-bundle" }, name));
    return valueRow({
      place: { node: this.id, name: value.name },
      summary: value.value,
      isChanged: this.isChanged(value),
      origin: bundles.length === 0 ? writer : make("span", {}, writer, ...bundles),
    });
  }

  showProblems() {
    const acts = {
      again: () => attempt(showMissing),
      close: () => {
        problems = null;
        this.showProblems();
      },
    };
    this.missing.replaceChildren(...(problems === null ? [] : [problemList(problems, acts)]));
  }
}
