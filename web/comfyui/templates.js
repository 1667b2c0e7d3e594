/** "Insert template": every workflow of every pipeline, put where the person looks. */

import { templatePath } from "./addresses.js";
import { openDialog } from "./dialog.js";
import { make } from "./elements.js";
import { app, attempt, changing, say, shownGraph } from "./host.js";
import { placeNodes } from "./place_nodes.js";
import { getJson, postJson } from "./server.js";
import { boxOf, freeBelow, settle, TITLE } from "./settle.js";
import { fittingTemplates, templateGroups } from "./template_list.js";
import { t } from "./texts.js";

/** Open the window to choose a template in. */
export async function chooseTemplate() {
  const { templates } = await getJson("/blockloom/templates");
  const groups = templateGroups(templates, familyTitle);
  const list = make("div", {
    class: "blockloom-list",
    role: "listbox",
    id: "blockloom-template-list",
    "aria-label": t("templates.title"),
  });
  const leaf = make("input", { type: "checkbox" });
  const search = make("input", {
    type: "search",
    class: "blockloom-field",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "blockloom-template-list",
    "aria-label": t("templates.search"),
    placeholder: t("templates.searchHint"),
  });
  const tools = make(
    "div",
    { class: "blockloom-tools" },
    search,
    make(
      "label",
      { class: "blockloom-check", title: t("templates.leafHint") },
      leaf,
      t("templates.leaf"),
    ),
  );
  const { close } = openDialog(
    { title: t("templates.title"), look: "blockloom-templates" },
    tools,
    list,
  );
  /** @param {import("./template_list.js").Template} template */
  const choose = (template) => {
    close();
    void attempt(() => insertTemplate(template, leaf.checked));
  };
  const show = () => showList(list, search, fittingTemplates(groups, search.value), choose);
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => byKeys(event, list, search));
  show();
  search.focus();
}

/**
 * @param {HTMLElement} list
 * @param {HTMLInputElement} search
 * @param {readonly import("./template_list.js").TemplateGroup[]} groups
 * @param {(template: import("./template_list.js").Template) => void} choose
 */
function showList(list, search, groups, choose) {
  let number = 0;
  list.replaceChildren(
    ...groups.map(({ title, templates }) =>
      make(
        "section",
        { role: "group", "aria-label": title },
        make("h3", { "aria-hidden": "true" }, title),
        ...templates.map((template) => {
          number += 1;
          return option(template, `blockloom-template-${number}`, choose);
        }),
      ),
    ),
  );
  if (groups.length === 0) {
    list.append(
      make("p", { class: "blockloom-hint" }, t("templates.none", { text: search.value })),
    );
  }
  mark(list, search, 0);
}

/**
 * @param {import("./template_list.js").Template} template
 * @param {string} id
 * @param {(template: import("./template_list.js").Template) => void} choose
 */
function option(template, id, choose) {
  const { title, triggers, pipeline, workflow } = template;
  return make(
    "div",
    {
      id,
      class: "blockloom-template",
      role: "option",
      "aria-selected": "false",
      "data-template": `${pipeline}/${workflow}`,
      onclick: () => choose(template),
    },
    make("span", {}, title),
    triggers.length === 0
      ? null
      : make(
          "span",
          { class: "blockloom-asks" },
          t("templates.asks", { names: triggers.join(", ") }),
        ),
  );
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} list
 * @param {HTMLElement} search
 */
function byKeys(event, list, search) {
  const options = optionsOf(list);
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const moves = /** @type {Record<string, number>} */ ({
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + 8,
    PageUp: at - 8,
  });
  const next = moves[event.key];
  if (next !== undefined) {
    event.preventDefault();
    mark(list, search, Math.min(Math.max(next, 0), options.length - 1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    options[at]?.click();
  }
}

/** @param {HTMLElement} list */
function optionsOf(list) {
  return /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} search
 * @param {number} at
 */
function mark(list, search, at) {
  for (const [index, one] of optionsOf(list).entries()) {
    one.setAttribute("aria-selected", String(index === at));
    if (index === at) {
      search.setAttribute("aria-activedescendant", one.id);
      one.scrollIntoView({ block: "nearest" });
    }
  }
}

/**
 * How the nodes of a pipeline call their family.
 * @param {string} pipeline
 */
function familyTitle(pipeline) {
  const folded = pipeline.replaceAll(/[^a-z0-9]/gi, "").toLowerCase();
  for (const { nodeData } of Object.values(window.LiteGraph?.registered_node_types ?? {})) {
    const [ours, family] = nodeData?.category?.split("/") ?? [];
    if (ours === "Blockloom" && family?.replaceAll(/[^a-z0-9]/gi, "").toLowerCase() === folded) {
      return family;
    }
  }
  return undefined;
}

/**
 * @param {import("./template_list.js").Template} template
 * @param {boolean} isLeaf
 */
export async function insertTemplate({ pipeline, workflow, title }, isLeaf) {
  const file = await getJson(templatePath(pipeline, workflow, isLeaf));
  const answer = await postJson("/blockloom/comfyui", { graph: file });
  const graph = shownGraph();
  const placed = await changing(graph, async () => {
    const found = placeNodes(graph, answer.workflow, inView);
    await settle(found.nodes);
    return found;
  });
  app.canvas.deselectAll?.();
  app.canvas.selectNodes?.(placed.nodes);
  bringIntoView(placed.nodes);
  if (placed.unknown.length > 0) {
    say("warn", t("templates.unknown", { names: placed.unknown.join(", ") }));
  }
  say("success", t("templates.inserted", { name: title }));
}

/**
 * Look at nodes that are not all on screen.
 * @param {readonly ComfyNode[]} nodes
 */
function bringIntoView(nodes) {
  const { canvas, ds } = app.canvas;
  const view = canvas.getBoundingClientRect();
  const isInView = nodes.map(boxOf).every(({ x, y, width, height }) => {
    const [left, top] = [(x + ds.offset[0]) * ds.scale, (y + ds.offset[1]) * ds.scale];
    const [right, bottom] = [left + width * ds.scale, top + height * ds.scale];
    return left >= 0 && top >= 0 && right <= view.width && bottom <= view.height;
  });
  if (!isInView) {
    void app.extensionManager.command?.execute("Comfy.Canvas.FitView");
  }
}

/**
 * The corner of a box in the middle of what is on screen, below what stands there already.
 * @param {{ width: number, height: number }} box
 * @returns {[number, number]}
 */
function inView({ width, height }) {
  const { canvas, ds } = app.canvas;
  const view = canvas.getBoundingClientRect();
  const middle = [
    view.width / 2 / ds.scale - ds.offset[0],
    view.height / 2 / ds.scale - ds.offset[1],
  ];
  const [x, y] = [(middle[0] ?? 0) - width / 2, (middle[1] ?? 0) - height / 2];
  const boxes = shownGraph().nodes.map(boxOf);
  return [x, freeBelow(boxes, { x, y: y - TITLE, width, height: height + TITLE }) + TITLE];
}
