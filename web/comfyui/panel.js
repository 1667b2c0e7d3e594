/** The block state on a node: folded until somebody opens it, asked for only while it is open. */

import { nodePath } from "./addresses.js";
import { button, keepKeys, make } from "./elements.js";
import { app, guarded, noteChange, rootGraph } from "./host.js";
import { runId } from "./node_ids.js";
import { getJson, ServerError } from "./server.js";
import { hint, placeOf, stateView } from "./state_view.js";
import { Steps } from "./steps.js";
import { t } from "./texts.js";
import { bestOf } from "./values.js";
import { drawnValue } from "./value_row.js";
import { secondsText } from "./words.js";

const NAME = "blockloom_state";
const [MARGIN, FOLDED, MOST] = [4, 26, 460];

/** @type {Set<Panel>} */
const panels = new Set();

/**
 * Put a panel on a node, as its last widget: the values of the others are saved by their places.
 * @param {ComfyNode} node
 */
export function addPanel(node) {
  const panel = new Panel(node);
  const widget = node.addDOMWidget(NAME, NAME, panel.element, {
    serialize: false,
    hideOnZoom: true,
    margin: MARGIN,
    getMinHeight: () => panel.height,
    getMaxHeight: () => panel.height,
    getValue: () => "",
    setValue: () => undefined,
  });
  widget.serialize = false;
  panels.add(panel);
  const { onRemoved } = /** @type {{ onRemoved?: () => void }} */ (node);
  Object.assign(node, {
    /** @this {ComfyNode} */
    onRemoved() {
      panels.delete(panel);
      return onRemoved?.call(this);
    },
  });
}

/**
 * A node has run, or its loop has made a step.
 * @param {string} id
 * @param {(panel: Panel) => void} tell
 */
export function tellPanels(id, tell) {
  for (const panel of panels) {
    if (panel.isOpen && panel.id === id) {
      guarded(() => tell(panel));
    }
  }
}

/** Open panels as their nodes say: after a graph was loaded. @param {ComfyNode} node */
export function restorePanel(node) {
  for (const panel of panels) {
    if (panel.node === node) {
      panel.restore();
    }
  }
}

class Panel {
  /** @param {ComfyNode} node */
  constructor(node) {
    this.node = node;
    this.isOpen = false;
    this.height = FOLDED + 2 * MARGIN;
    /** @type {Steps | null} */
    this.steps = null;
    this.outcome = make("span", { class: "blockloom-outcome" });
    this.header = make(
      "button",
      {
        type: "button",
        class: "blockloom-header",
        "aria-expanded": "false",
        onclick: (/** @type {Event} */ event) => {
          event.stopPropagation();
          this.open(!this.isOpen);
          guarded(() => app.canvas.bringToFront?.(node));
          noteChange();
        },
      },
      make("span", { class: "blockloom-title" }, t("state.title")),
      this.outcome,
    );
    this.content = make("div", { class: "blockloom-content" });
    this.body = make(
      "div",
      { class: "blockloom-body", hidden: true, tabindex: "-1" },
      this.content,
    );
    this.element = make(
      "div",
      // So Nodes 2.0 leaves the wheel to a part that has the focus.
      { class: "blockloom-panel", "data-capture-wheel": "true" },
      this.header,
      this.body,
    );
    new ResizeObserver(() => this.resize()).observe(this.content);
    keepKeys(this.element);
    this.element.addEventListener("wheel", (event) => this.wheel(event));
  }

  /** The id its node runs under. */
  get id() {
    return runId(this.node, rootGraph()) ?? "";
  }

  /** Be as the node says; its height has the panel in it already. */
  restore() {
    const { open = false, height } = this.node.properties?.blockloom ?? {};
    if (open && typeof height === "number") {
      this.height = Math.min(height, FOLDED + MOST + 2 * MARGIN);
    }
    this.open(open);
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    if (isOpen === this.isOpen) {
      return;
    }
    this.isOpen = isOpen;
    this.node.properties.blockloom = { ...this.node.properties.blockloom, open: isOpen };
    this.header.setAttribute("aria-expanded", String(isOpen));
    this.header.title = t(isOpen ? "state.fold" : "state.unfold");
    this.body.hidden = !isOpen;
    this.outcome.textContent = "";
    this.content.replaceChildren(hint(t("state.loading")));
    this.steps = null;
    this.resize();
    if (isOpen) {
      void this.load();
    }
  }

  /** Ask what the node read and wrote in its last run. */
  async load() {
    const { id } = this;
    try {
      /** @type {BlockState} */
      const state = await getJson(nodePath("block_state", id));
      if (state.class_type === (this.node.comfyClass ?? this.node.type)) {
        this.show(state);
      } else {
        this.tell(t("state.notRun"));
      }
    } catch (error) {
      if (error instanceof ServerError && error.status === 404) {
        this.tell(t("state.notRun"));
      } else {
        const reason = error instanceof Error ? error.message : String(error);
        this.tell(t("state.failed", { reason }), true);
      }
    }
  }

  /**
   * @param {string} words
   * @param {boolean} [isFailure]
   */
  tell(words, isFailure = false) {
    if (this.steps?.isLive !== true) {
      this.content.replaceChildren(
        hint(words),
        ...(isFailure ? [button(t("state.tryAgain"), () => this.load())] : []),
      );
    }
  }

  /** @param {BlockState} state */
  show(state) {
    const count = state.step_count;
    if (count > 1) {
      this.steps ??= new Steps(this.id);
      void this.steps.end(count, state.run ?? 0);
    } else {
      this.steps = null;
    }
    this.outcome.textContent = state.was_kept ? t("state.kept") : secondsText(state.seconds);
    const main = count > 1 ? undefined : bestOf(state.written);
    this.content.replaceChildren(
      ...(this.steps === null ? [] : [this.steps.element]),
      ...(main?.value ? [drawnValue(placeOf(state, main.name, "written"), main.value)] : []),
      ...stateView(state),
    );
  }

  /**
   * @param {number} done
   * @param {number} total
   */
  step(done, total) {
    if (total < 2) {
      return;
    }
    if (this.steps === null) {
      this.steps = new Steps(this.id);
      // What stands there without values says that the node has not run.
      const values = this.content.querySelectorAll(":scope > section");
      this.content.replaceChildren(this.steps.element, ...values);
    }
    this.steps.follow(done, total);
  }

  /** Give the node the room the panel needs, up to a limit; beyond that the panel scrolls. */
  resize() {
    guarded(() => {
      const inside = this.isOpen ? this.content.offsetHeight : 0;
      if (this.isOpen && inside === 0) {
        // Not on screen: it is measured when it comes there.
        return;
      }
      const height = FOLDED + Math.min(inside, MOST) + 2 * MARGIN;
      const more = height - this.height;
      if (more === 0) {
        return;
      }
      const { node } = this;
      this.height = height;
      node.properties.blockloom = { ...node.properties.blockloom, height };
      const isDrawn = window.LiteGraph?.vueNodesMode !== true;
      const least = isDrawn ? node.computeSize()[1] : 0;
      // As elements nodes grow by themselves, but they never shrink.
      if (isDrawn || more < 0) {
        node.setSize([node.size[0], Math.max(least, node.size[1] + more)]);
      }
      node.setDirtyCanvas(true, true);
    });
  }

  /**
   * The wheel scrolls what is long; everything else is for the canvas.
   * @param {WheelEvent} event
   */
  wheel(event) {
    const isInside = event.target instanceof Node && this.body.contains(event.target);
    const isLong = isInside && this.body.scrollHeight > this.body.clientHeight;
    if (isLong && !event.ctrlKey && !event.metaKey) {
      event.stopPropagation();
    } else if (window.LiteGraph?.vueNodesMode !== true) {
      event.preventDefault();
      app.canvas.processMouseWheel?.(event);
    }
  }
}
