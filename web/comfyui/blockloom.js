/**
 * Blockloom inside ComfyUI: quiet inputs, block states on the nodes and at the side, templates,
 * expanding, missing inputs, and Blockloom's graph files.
 *
 * Nodes of other packs are left alone, and no failure here reaches ComfyUI.
 */

import { restoreTyped, typedMenu, watchWidgets } from "./auto_inputs.js";
import { loadStyles } from "./elements.js";
import { expandNode } from "./expand.js";
import { watchFiles, watchLoading } from "./files.js";
import { api, app, attempt, guarded, setting } from "./host.js";
import { isOurDefinition, isOurs } from "./node_ids.js";
import { addPanel, restorePanel, tellPanels } from "./panel.js";
import { expandSelected, showMissing, tab, tellTab } from "./sidebar.js";
import { chooseTemplate } from "./templates.js";
import { speak, t } from "./texts.js";

guarded(() => speak(setting("Comfy.Locale")));

const COMMANDS = {
  template: "Blockloom.InsertTemplate",
  expand: "Blockloom.Expand",
  missing: "Blockloom.MissingInputs",
};

/**
 * What ComfyUI does with a node of ours, and then what we do.
 * @param {Record<string, any>} prototype
 * @param {string} name
 * @param {(node: ComfyNode, ...args: any[]) => void} act
 */
function after(prototype, name, act) {
  const inner = prototype[name];
  prototype[name] = /** @this {ComfyNode} @param {unknown[]} args */ function hooked(...args) {
    const result = inner?.apply(this, args);
    guarded(() => act(this, ...args));
    return result;
  };
}

/**
 * @param {ComfyNode} node
 * @param {unknown} _
 * @param {unknown[]} options
 */
function addMenu(node, _, options) {
  const submenu = typedMenu(node);
  options.unshift(
    { content: t("action.expandNode"), callback: () => attempt(() => expandNode(node)) },
    ...(submenu.length === 0
      ? []
      : [
          {
            content: t("auto.menu"),
            has_submenu: true,
            submenu: { options: submenu },
            callback: () => undefined,
          },
        ]),
    null,
  );
}

/** What the server tells while nodes run. */
function listen() {
  api.addEventListener("blockloom.block_state", (event) => {
    const { node } = /** @type {CustomEvent<{ node: string }>} */ (event).detail;
    guarded(() => tellPanels(String(node), (panel) => panel.load()));
    guarded(() => tellTab(String(node)));
  });
  api.addEventListener("blockloom.step", (event) => {
    const { node, done, total } =
      /** @type {CustomEvent<{ node: string, done: number, total: number }>} */ (event).detail;
    tellPanels(String(node), (panel) => panel.step(done, total));
  });
}

app.registerExtension({
  name: "blockloom",
  commands: [
    {
      id: COMMANDS.template,
      label: `Blockloom: ${t("action.template")}`,
      icon: "pi pi-clone",
      function: () => attempt(chooseTemplate),
    },
    {
      id: COMMANDS.expand,
      label: `Blockloom: ${t("action.expandNode")}`,
      icon: "pi pi-arrows-h",
      function: () => attempt(expandSelected),
    },
    {
      id: COMMANDS.missing,
      label: `Blockloom: ${t("action.missing")}`,
      icon: "pi pi-check-square",
      function: () => attempt(showMissing),
    },
  ],
  menuCommands: [{ path: ["Blockloom"], commands: Object.values(COMMANDS) }],
  setup() {
    guarded(loadStyles);
    guarded(watchFiles);
    guarded(watchLoading);
    guarded(listen);
    guarded(() => app.extensionManager.registerSidebarTab({ ...tab, tooltip: t("tab.tooltip") }));
  },
  /** @param {{ prototype: Record<string, any> }} nodeType @param {NodeDefinition} definition */
  beforeRegisterNodeDef(nodeType, definition) {
    guarded(() => {
      if (isOurDefinition(definition)) {
        after(nodeType.prototype, "getExtraMenuOptions", addMenu);
        after(nodeType.prototype, "onConfigure", (node, saved) => {
          restoreTyped(node, saved ?? {});
          restorePanel(node);
        });
      }
    });
  },
  /** @param {ComfyNode} node */
  nodeCreated(node) {
    if (isOurs(node)) {
      guarded(() => watchWidgets(node));
      guarded(() => addPanel(node));
    }
  },
});
