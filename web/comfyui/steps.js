/** The steps of a node's loop, also while it runs. */

import { nodePath, thumbnailPath } from "./addresses.js";
import { button, make } from "./elements.js";
import { guarded } from "./host.js";
import { drawableNames, heldAt, shownStep } from "./loop.js";
import { addressOf, getJson } from "./server.js";
import { t } from "./texts.js";
import { openViewer } from "./viewer.js";

const SIZE = 256;
/** Milliseconds a step is shown when they are played. */
const PACE = 140;
/** Milliseconds between two questions to the server while a loop runs. */
const CALM = 250;

/** A slider over the steps of a loop, with the picture of the one chosen. */
export class Steps {
  /** @param {string} node */
  constructor(node) {
    this.node = node;
    this.run = 0;
    /** @type {LoopStep[]} */
    this.steps = [];
    /** @type {number | null} */
    this.held = null;
    this.count = 0;
    this.total = 0;
    this.isLive = false;
    this.name = "";
    this.asked = 0;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    this.picture = make("img", { class: "blockloom-picture", draggable: "false", alt: "" });
    this.frame = make(
      "button",
      { type: "button", class: "blockloom-drawn", onclick: () => this.lookCloser() },
      this.picture,
    );
    this.where = make("span", {});
    this.live = button(t("steps.live"), () => this.go(this.count), {
      class: "blockloom-live",
      title: t("steps.follow"),
    });
    this.slider = make("input", {
      type: "range",
      min: "1",
      class: "blockloom-slider",
      "aria-label": t("steps.slider"),
      oninput: () => this.go(this.slider.valueAsNumber),
    });
    this.playing = button("▶", () => this.play(), { class: "blockloom-button" });
    this.choice = make("select", {
      class: "blockloom-field",
      "aria-label": t("steps.picture"),
      onchange: () => {
        this.name = this.choice.value;
        this.show();
      },
    });
    this.element = make(
      "section",
      { class: "blockloom-steps", role: "group", "aria-label": t("steps.slider") },
      this.frame,
      make("div", { class: "blockloom-where" }, this.where, this.live, this.playing, this.choice),
      this.slider,
    );
    this.show();
  }

  /**
   * The loop has made a step; the newest is shown unless another one is held.
   * @param {number} done
   * @param {number} total
   */
  follow(done, total) {
    if (!this.isLive) {
      this.steps = [];
      this.held = null;
      this.run += 1;
    }
    this.isLive = true;
    [this.count, this.total] = [done, total];
    this.show();
    void this.ask();
  }

  /**
   * The loop has ended.
   * @param {number} count
   * @param {number} run
   */
  async end(count, run) {
    this.isLive = false;
    this.run = run;
    [this.count, this.total] = [count, count];
    await this.ask(true);
  }

  /** Ask for what was new in the steps, now and then while the loop runs. */
  async ask(isLast = false) {
    const now = Date.now();
    if (!isLast && now - this.asked < CALM) {
      return;
    }
    this.asked = now;
    try {
      const { steps } = await getJson(nodePath("steps", this.node));
      this.steps = steps;
    } catch {
      // While a loop runs for the first time there may be nothing to tell yet.
    }
    guarded(() => this.offer());
    this.show();
  }

  /** What can be drawn of the steps. */
  offer() {
    const names = drawableNames(this.steps);
    if (!names.includes(this.name)) {
      this.name = names[0] ?? "";
    }
    const shown = [...this.choice.options].map(({ value }) => value);
    if (names.join("\n") !== shown.join("\n")) {
      this.choice.replaceChildren(
        ...names.map((name) => make("option", { value: name }, this.nameOf(name))),
      );
    }
    this.choice.value = this.name;
    this.choice.hidden = names.length < 2;
  }

  /** @param {string} name */
  nameOf(name) {
    return name === "predicted" ? t("steps.predicted") : name;
  }

  get at() {
    return shownStep(this.held, this.count);
  }

  /** @returns {ValuePlace} */
  get place() {
    return { node: this.node, name: this.name, step: this.at - 1, run: this.run };
  }

  /** @param {number} step */
  go(step) {
    this.held = heldAt(Math.min(step, this.count), this.count);
    this.show();
  }

  play() {
    if (this.timer !== undefined) {
      this.stop();
      return;
    }
    if (this.at >= this.count) {
      this.go(1);
    }
    this.timer = setInterval(() => {
      if (this.at >= this.count || !this.element.isConnected) {
        this.stop();
      } else {
        this.go(this.at + 1);
      }
    }, PACE);
    this.show();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.show();
  }

  lookCloser() {
    const summary = this.steps[this.at - 1]?.values[this.name];
    if (summary !== undefined) {
      openViewer(this.place, summary);
    }
  }

  show() {
    const words = t("steps.at", { step: this.at, total: this.total });
    this.where.textContent = words;
    this.slider.max = String(Math.max(this.total, 1));
    this.slider.value = String(Math.max(this.at, 1));
    this.slider.disabled = this.count === 0;
    this.slider.setAttribute("aria-valuetext", words);
    this.live.hidden = !this.isLive;
    this.live.textContent = t(this.held === null ? "steps.live" : "steps.held");
    this.live.setAttribute("aria-pressed", String(this.held === null));
    const words2 = t(this.timer === undefined ? "steps.play" : "steps.pause");
    this.playing.textContent = this.timer === undefined ? "▶" : "❚❚";
    this.playing.title = words2;
    this.playing.setAttribute("aria-label", words2);
    const isDrawn = this.name !== "" && this.at > 0;
    this.frame.hidden = !isDrawn;
    if (isDrawn) {
      const label = t("steps.pictureOf", { name: this.nameOf(this.name), step: this.at });
      this.frame.setAttribute("aria-label", `${t("details.open")}: ${label}`);
      this.picture.alt = label;
      const src = addressOf(thumbnailPath(this.place, SIZE));
      if (this.picture.getAttribute("src") !== src) {
        this.picture.src = src;
      }
    }
  }
}
