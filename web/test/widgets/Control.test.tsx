import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { InputSocket } from "../../src/catalogue/types";
import type { Json } from "../../src/graph/model";
import { openDocument, undo, useDocument } from "../../src/stores/document";
import { Control } from "../../src/widgets/Control";
import { chain } from "../graph/toys";

const onChange = vi.fn<(value: Json | undefined) => void>();

interface Given {
  readonly value?: Json;
  readonly placeholder?: string;
  readonly node?: string;
  readonly isDisabled?: boolean;
}

function show(socket: InputSocket, { value, placeholder = "", ...rest }: Given = {}): void {
  render(
    <Control
      socket={socket}
      value={value}
      placeholder={placeholder}
      label={socket.name}
      onChange={onChange}
      {...rest}
    />,
  );
}

function write(field: HTMLElement, text: string): void {
  fireEvent.focus(field);
  fireEvent.change(field, { target: { value: text } });
}

beforeEach(() => {
  onChange.mockClear();
});
afterEach(cleanup);

describe("a number", () => {
  const steps: InputSocket = {
    name: "steps",
    type: "INT",
    widget: { minimum: 1, maximum: 100, step: 1 },
  };

  it("shows what counts while nothing is typed", () => {
    show(steps, { placeholder: "25" });
    const field = screen.getByRole("spinbutton", { name: "steps" });
    expect(field).toHaveProperty("value", "");
    expect(field.getAttribute("placeholder")).toBe("25");
    expect(field.getAttribute("aria-valuenow")).toBe("25");
    expect(field.getAttribute("aria-valuemax")).toBe("100");
  });

  it("changes once, when it is left", () => {
    show(steps);
    const field = screen.getByRole("spinbutton");
    write(field, "3");
    write(field, "30");
    expect(onChange).not.toHaveBeenCalled();
    fireEvent.blur(field);
    expect(onChange.mock.calls).toEqual([[30]]);
  });

  it("changes with Enter, and not again when it is left", () => {
    show(steps);
    const field = screen.getByRole("spinbutton");
    write(field, "500");
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.blur(field);
    expect(onChange.mock.calls).toEqual([[100]]);
  });

  it("goes back with Escape, and leaves nonsense out", () => {
    show(steps, { value: 4 });
    const field = screen.getByRole("spinbutton");
    write(field, "9");
    fireEvent.keyDown(field, { key: "Escape" });
    expect(field).toHaveProperty("value", "4");
    write(field, "many");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    fireEvent.blur(field);
    expect(onChange).not.toHaveBeenCalled();
    expect(field).toHaveProperty("value", "4");
  });

  it("steps with the arrow keys from the default, ten with Shift", () => {
    show(steps, { placeholder: "25" });
    const field = screen.getByRole("spinbutton");
    fireEvent.keyDown(field, { key: "ArrowUp" });
    fireEvent.keyDown(field, { key: "ArrowUp", shiftKey: true });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.blur(field);
    expect(onChange.mock.calls).toEqual([[35]]);
  });

  it("is dragged sideways, and changes once at the end", () => {
    show(steps, { value: 20 });
    const field = screen.getByRole("spinbutton");
    fireEvent.pointerDown(field, { pointerId: 1, clientX: 100, button: 0 });
    fireEvent.pointerMove(field, { pointerId: 1, clientX: 112 });
    fireEvent.pointerMove(field, { pointerId: 1, clientX: 124 });
    expect(field).toHaveProperty("value", "29");
    expect(onChange).not.toHaveBeenCalled();
    fireEvent.pointerUp(field, { pointerId: 1, clientX: 124 });
    expect(onChange.mock.calls).toEqual([[29]]);
    expect(document.activeElement).not.toBe(field);
  });

  it("is written after a click that does not move", () => {
    show(steps, { value: 20 });
    const field = screen.getByRole("spinbutton");
    fireEvent.pointerDown(field, { pointerId: 1, clientX: 100, button: 0 });
    fireEvent.pointerMove(field, { pointerId: 1, clientX: 102 });
    fireEvent.pointerUp(field, { pointerId: 1, clientX: 102 });
    expect(document.activeElement).toBe(field);
    expect(onChange).not.toHaveBeenCalled();
  });

  it("has a bar between its limits", () => {
    show(steps, { value: 100 });
    expect(screen.getByRole("spinbutton").style.getPropertyValue("--fill")).toBe("100%");
  });

  it("is taken back by its button, or by emptying it", () => {
    show(steps, { value: 4, placeholder: "25" });
    fireEvent.click(screen.getByRole("button", { name: "Take back steps: 25" }));
    const field = screen.getByRole("spinbutton");
    write(field, "");
    fireEvent.blur(field);
    expect(onChange.mock.calls).toEqual([[undefined], [undefined]]);
  });

  it("cannot be taken back where it is required, nor changed where it is linked", () => {
    show({ ...steps, is_required: true }, { value: 4 });
    expect(screen.queryByRole("button")).toBeNull();
    cleanup();
    show(steps, { value: 4, isDisabled: true });
    const field = screen.getByRole("spinbutton");
    expect(field).toHaveProperty("disabled", true);
    expect(screen.queryByRole("button")).toBeNull();
    fireEvent.pointerDown(field, { pointerId: 1, clientX: 0, button: 0 });
    fireEvent.pointerMove(field, { pointerId: 1, clientX: 90 });
    fireEvent.pointerUp(field, { pointerId: 1, clientX: 90 });
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe("a seed", () => {
  const seed: InputSocket = { name: "generator", type: "SEED" };

  it("is drawn now", () => {
    show(seed);
    fireEvent.click(screen.getByRole("button", { name: "Draw a new generator" }));
    const [[value] = []] = onChange.mock.calls;
    expect(Number.isSafeInteger(value)).toBe(true);
  });

  it("is drawn for each run where the node says so, which can be undone", () => {
    openDocument(chain(), "", "edit.open");
    show(seed, { node: "denoise" });
    const mode = screen.getByRole("switch", { name: "New seed for each run" });
    expect(mode.getAttribute("aria-checked")).toBe("false");
    fireEvent.click(mode);
    expect(useDocument.getState().document.nodes["denoise"]?.meta).toEqual({ seed_mode: "new" });
    expect(mode.getAttribute("aria-checked")).toBe("true");
    undo();
    expect(useDocument.getState().document.nodes["denoise"]?.meta).toEqual({});
  });

  it("is not dragged", () => {
    show(seed, { value: 5 });
    const field = screen.getByRole("spinbutton");
    fireEvent.pointerDown(field, { pointerId: 1, clientX: 0, button: 0 });
    fireEvent.pointerMove(field, { pointerId: 1, clientX: 90 });
    fireEvent.pointerUp(field, { pointerId: 1, clientX: 90 });
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe("a text", () => {
  const prompt: InputSocket = { name: "prompt", type: "STRING", widget: { is_multiline: true } };

  it("keeps Enter for itself where there are many lines, and changes when it is left", () => {
    show(prompt, { value: "a" });
    const field = screen.getByRole("textbox", { name: "prompt" });
    write(field, "a fox");
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onChange).not.toHaveBeenCalled();
    fireEvent.blur(field);
    expect(onChange.mock.calls).toEqual([["a fox"]]);
  });

  it("changes before the run that Ctrl+Enter starts", () => {
    const seen: number[] = [];
    const onKey = (): void => {
      seen.push(onChange.mock.calls.length);
    };
    window.addEventListener("keydown", onKey);
    show(prompt);
    const field = screen.getByRole("textbox");
    write(field, "a fox");
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    window.removeEventListener("keydown", onKey);
    expect(seen).toEqual([1]);
  });

  it("of one line changes with Enter; an empty one is none", () => {
    show({ name: "name", type: "STRING" }, { value: "x" });
    const field = screen.getByRole("textbox", { name: "name" });
    write(field, "");
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onChange.mock.calls).toEqual([[undefined]]);
  });
});

describe("a choice", () => {
  const few: InputSocket = { name: "method", type: "STRING", widget: { choices: ["a", "b"] } };
  const many: InputSocket = {
    name: "method",
    type: "INT",
    widget: { choices: Array.from({ length: 30 }, (_, index) => index * 10) },
  };

  it("is picked from a list", () => {
    show(few, { placeholder: "a" });
    const field = screen.getByRole("combobox", { name: "method" });
    fireEvent.change(field, { target: { value: "1" } });
    fireEvent.change(field, { target: { value: "" } });
    expect(onChange.mock.calls).toEqual([["b"], [undefined]]);
  });

  it("shows a value that is none of them, and says that it is wrong", () => {
    show(few, { value: "z" });
    const field = screen.getByRole("combobox");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByRole("option", { name: "z" })).toBeTruthy();
  });

  it("of many is searched, and picked with the keys", () => {
    show(many, { value: 20 });
    fireEvent.click(screen.getByRole("button", { name: "method" }));
    const search = screen.getByRole("combobox", { name: "Search method" });
    fireEvent.change(search, { target: { value: "2" } });
    expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toContain("120");
    fireEvent.change(search, { target: { value: "27" } });
    fireEvent.keyDown(search, { key: "Enter" });
    expect(onChange.mock.calls).toEqual([[270]]);
    expect(screen.queryByRole("listbox")).toBeNull();
  });

  it("of many is picked with the pointer", () => {
    show(many);
    fireEvent.click(screen.getByRole("button", { name: "method" }));
    fireEvent.click(screen.getByRole("option", { name: "40" }));
    expect(onChange.mock.calls).toEqual([[40]]);
  });
});

describe("a switch", () => {
  it("turns its default around", () => {
    show({ name: "crop", type: "BOOLEAN", default: true, has_default: true });
    const field = screen.getByRole("switch", { name: "crop" });
    expect(field.getAttribute("aria-checked")).toBe("true");
    fireEvent.click(field);
    expect(onChange.mock.calls).toEqual([[false]]);
  });

  it("has three states where nothing is the default", () => {
    const socket: InputSocket = { name: "system", type: "BOOLEAN", has_default: true };
    show(socket);
    const field = screen.getByRole("checkbox", { name: "system" });
    expect(field.getAttribute("aria-checked")).toBe("mixed");
    fireEvent.click(field);
    cleanup();
    show(socket, { value: true });
    fireEvent.click(screen.getByRole("checkbox"));
    cleanup();
    show(socket, { value: false });
    fireEvent.click(screen.getByRole("checkbox"));
    expect(onChange.mock.calls).toEqual([[true], [false], [undefined]]);
  });
});

describe("a colour", () => {
  const colour: InputSocket = {
    name: "color",
    type: "INT",
    default: 0,
    has_default: true,
    widget: { minimum: 0, maximum: 0xffffff, look: "colour" },
  };

  it("is written as digits", () => {
    show(colour, { value: 255 });
    const field = screen.getByRole("textbox", { name: "color, digits" });
    expect(field).toHaveProperty("value", "#0000ff");
    write(field, "#f00");
    fireEvent.blur(field);
    write(field, "reddish");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    fireEvent.blur(field);
    expect(onChange.mock.calls).toEqual([[0xff0000]]);
  });

  it("is chosen: once, when the chooser is closed", () => {
    show(colour);
    const swatch = screen.getByLabelText("color");
    fireEvent.input(swatch, { target: { value: "#112233" } });
    expect(onChange).not.toHaveBeenCalled();
    swatch.dispatchEvent(new Event("change", { bubbles: true }));
    expect(onChange.mock.calls).toEqual([[0x112233]]);
  });
});

describe("a list", () => {
  const list: InputSocket = { name: "sigmas", type: "LIST" };

  it("is written without brackets", () => {
    show(list);
    const field = screen.getByRole("textbox", { name: "sigmas" });
    write(field, "1, 0.5, 0");
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onChange.mock.calls).toEqual([[[1, 0.5, 0]]]);
  });

  it("that cannot be read stays, with the reason", () => {
    show(list, { value: [1] });
    const field = screen.getByRole("textbox");
    write(field, "1, two");
    fireEvent.blur(field);
    expect(field).toHaveProperty("value", "1, two");
    expect(screen.getByRole("alert").textContent).toContain("cannot be read");
    expect(field.getAttribute("aria-describedby")).toBe(screen.getByRole("alert").id);
    expect(onChange).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Escape" });
    expect(field).toHaveProperty("value", "[1]");
  });
});

describe("a model", () => {
  const model: InputSocket = { name: "model", type: "STRING", widget: { look: "model" } };

  beforeEach(() => {
    const models = [
      { name: "demo", kind: "pipeline", source: "built in" },
      { name: "people/sdxl-base", kind: "pipeline", source: "Hugging Face cache" },
    ];
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ models })));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("offers what is on the machine", async () => {
    show(model, { value: "demo" });
    const field = screen.getByRole("combobox", { name: "model" });
    fireEvent.click(field);
    expect(await screen.findAllByRole("option")).toHaveLength(2);
    write(field, "sdxl");
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onChange.mock.calls).toEqual([["people/sdxl-base"]]);
  });

  it("takes any other name, too", async () => {
    show(model);
    const field = screen.getByRole("combobox");
    write(field, " someone/new-model ");
    await screen.findByText(/taken as it is/);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onChange.mock.calls).toEqual([["someone/new-model"]]);
  });
});
