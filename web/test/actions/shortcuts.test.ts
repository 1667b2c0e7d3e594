import { afterEach, describe, expect, it } from "vitest";
import type { Action } from "../../src/actions/action";
import { ACTIONS } from "../../src/actions/all";
import { dispatch, fits, shownShortcut } from "../../src/actions/shortcuts";
import { useInterface } from "../../src/stores/interface";
import { speak } from "../../src/texts/texts";

function key(name: string, held: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...held });
}

/** Press a key on an element of the page; answers the ids of the actions that ran. */
function press(element: HTMLElement, event: KeyboardEvent, shortcuts: readonly string[]): string[] {
  const ran: string[] = [];
  const actions: Action[] = shortcuts.map((shortcut) => ({
    id: shortcut,
    label: "run.run",
    group: "run",
    shortcuts: [shortcut],
    run: () => {
      ran.push(shortcut);
    },
  }));
  const listen = (found: KeyboardEvent): void => {
    dispatch(found, actions);
  };
  document.body.append(element);
  window.addEventListener("keydown", listen);
  element.dispatchEvent(event);
  window.removeEventListener("keydown", listen);
  element.remove();
  return ran;
}

afterEach(() => {
  useInterface.setState({ language: "en" });
});

describe("fits", () => {
  it("wants exactly what is held down", () => {
    expect(fits(key("z", { ctrlKey: true }), "Mod+Z")).toBe(true);
    expect(fits(key("Z", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Z")).toBe(true);
    expect(fits(key("z"), "Mod+Z")).toBe(false);
    expect(fits(key("z", { ctrlKey: true, altKey: true }), "Mod+Z")).toBe(false);
    expect(fits(key(" "), "Space")).toBe(true);
  });

  it("takes symbols wherever the keyboard has them", () => {
    expect(fits(key("?", { shiftKey: true }), "?")).toBe(true);
    expect(fits(key("+", { shiftKey: true }), "+")).toBe(true);
    expect(fits(key("+"), "+")).toBe(true);
    expect(fits(key(",", { ctrlKey: true }), "Mod+,")).toBe(true);
  });
});

describe("dispatch", () => {
  it("runs what a key stands for", () => {
    expect(press(document.createElement("div"), key("n"), ["N"])).toEqual(["N"]);
  });

  it("leaves keys to a field, but for those that work from anywhere", () => {
    const field = document.createElement("textarea");
    expect(press(field, key("n"), ["N"])).toEqual([]);
    expect(press(field, key("z", { ctrlKey: true }), ["Mod+Z"])).toEqual([]);
    expect(press(field, key("k", { ctrlKey: true }), ["Mod+K"])).toEqual(["Mod+K"]);
  });

  it("leaves space and enter to a button", () => {
    const button = document.createElement("button");
    expect(press(button, key(" "), ["Space"])).toEqual([]);
    expect(press(button, key("n"), ["N"])).toEqual(["N"]);
    expect(press(button, key("Home"), ["Home"])).toEqual(["Home"]);
  });

  it("leaves the keys of a tree to the tree", () => {
    const tree = document.createElement("div");
    tree.setAttribute("role", "tree");
    expect(press(tree, key("Home"), ["Home"])).toEqual([]);
    expect(press(tree, key(" "), ["Space"])).toEqual([]);
  });

  it("does not reach under a dialog", () => {
    const dialog = document.createElement("div");
    dialog.setAttribute("role", "dialog");
    expect(press(dialog, key("n"), ["N"])).toEqual([]);
  });
});

describe("shownShortcut", () => {
  it("names keys as they are labelled", async () => {
    expect(shownShortcut("Mod+Shift+ArrowLeft")).toBe("Ctrl+Shift+←");
    expect(shownShortcut("+")).toBe("+");
    await speak("de");
    expect(shownShortcut("Mod+Delete")).toBe("Strg+Entf");
  });
});

describe("all actions", () => {
  it("have ids of their own", () => {
    const ids = ACTIONS.map(({ id }) => id);
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
  });

  it("share a key only where one of them says when it is meant", () => {
    const holders = new Map<string, Action[]>();
    for (const action of ACTIONS) {
      for (const shortcut of action.shortcuts ?? []) {
        holders.set(shortcut, [...(holders.get(shortcut) ?? []), action]);
      }
    }
    const unclear = [...holders]
      .filter(
        ([, actions]) => actions.filter(({ isEnabled }) => isEnabled === undefined).length > 1,
      )
      .map(([shortcut]) => shortcut);
    expect(unclear).toEqual([]);
  });
});
