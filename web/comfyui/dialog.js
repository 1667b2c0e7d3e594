/** A window over the others: keyboard focus stays inside, Escape closes it. */

import { button, keepKeys, make } from "./elements.js";
import { t } from "./texts.js";

/**
 * @param {{ title: string, look: string, tools?: HTMLElement[] }} options
 * @param {...HTMLElement} content
 * @returns {{ close: () => void }}
 */
export function openDialog({ title, look, tools = [] }, ...content) {
  /** @type {HTMLDialogElement} */
  const dialog = make(
    "dialog",
    { class: `blockloom-dialog ${look}`, "aria-label": title },
    make(
      "header",
      {},
      make("h2", {}, title),
      ...tools,
      button("✕", () => dialog.close(), {
        "aria-label": t("viewer.close"),
        title: t("viewer.close"),
      }),
    ),
    ...content,
  );
  keepKeys(dialog);
  for (const name of ["wheel", "pointerdown", "pointermove", "pointerup", "paste", "copy"]) {
    dialog.addEventListener(name, (event) => event.stopPropagation());
  }
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return { close: () => dialog.close() };
}
