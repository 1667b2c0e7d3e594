import { afterEach, expect, it } from "vitest";
import { letGoOfClicked } from "../../src/app/letGo";

function button(parent: HTMLElement): HTMLButtonElement {
  const made = document.createElement("button");
  parent.append(made);
  document.body.append(parent);
  made.focus();
  return made;
}

const click = (detail: number): MouseEvent => new MouseEvent("click", { bubbles: true, detail });

afterEach(() => {
  document.body.replaceChildren();
});

it("takes the focus off a button that was clicked, not off one that was pressed by a key", () => {
  const stop = letGoOfClicked();
  const made = button(document.createElement("div"));
  made.dispatchEvent(click(0));
  expect(document.activeElement).toBe(made);
  made.dispatchEvent(click(1));
  expect(document.activeElement).toBe(document.body);
  stop();
  made.focus();
  made.dispatchEvent(click(1));
  expect(document.activeElement).toBe(made);
});

it("leaves the focus in a dialog", () => {
  const stop = letGoOfClicked();
  const dialog = document.createElement("div");
  dialog.setAttribute("role", "dialog");
  const made = button(dialog);
  made.dispatchEvent(click(1));
  expect(document.activeElement).toBe(made);
  stop();
});
