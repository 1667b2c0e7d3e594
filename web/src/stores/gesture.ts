/** What a hand is doing on the canvas right now: never undoable, forgotten when it lets go. */

import { create } from "zustand";
import type { LinkTarget, WireEnd } from "../canvas/ends";
import type { Place } from "../graph/edit";
import type { Wire } from "../graph/model";

/** A link being drawn. */
export interface Linking {
  readonly end: WireEnd;
  /** The wire that was taken off its input, to be put elsewhere. */
  readonly taken: Wire | null;
  /** Keys of the sockets that it could be linked to. */
  readonly fitting: ReadonlySet<string>;
}

/** What a menu was asked for on. */
export interface CanvasMenu {
  readonly kind: "canvas" | "node" | "wire" | "group" | "note";
  readonly id: string;
  /** On the screen. */
  readonly at: Place;
}

export interface GestureState {
  readonly linking: Linking | null;
  /** What the link would end in if it was let go now. */
  readonly target: LinkTarget | null;
  /** A wire that the node being dragged would be put into. */
  readonly dropWire: string | null;
  /** Where nodes were that are being copied by dragging. */
  readonly leftBehind: readonly string[];
  /** A wire that would join a node to the chain it was dropped beside. */
  readonly offer: Wire | null;
  /** An input somebody looks at: where its value comes from is shown. "" means all of its node. */
  readonly looked: { readonly node: string; readonly input: string } | null;
  readonly menu: CanvasMenu | null;
  /** A node or group whose title is being written. */
  readonly renaming: string;
  /** The space bar is held: dragging moves the canvas. */
  readonly isPanning: boolean;
}

export const useGesture = create<GestureState>(() => ({
  linking: null,
  target: null,
  dropWire: null,
  leftBehind: [],
  offer: null,
  looked: null,
  menu: null,
  renaming: "",
  isPanning: false,
}));

/** Where the loose end of a link is, in the graph and on the screen; apart, as it changes often. */
export const useLinkPointer = create<{ readonly place: Place; readonly screen: Place }>(() => ({
  place: { x: 0, y: 0 },
  screen: { x: 0, y: 0 },
}));

export function lookAt(node: string, input: string): void {
  const { looked } = useGesture.getState();
  if (looked?.node !== node || looked.input !== input) {
    useGesture.setState({ looked: { node, input } });
  }
}

export function lookAway(): void {
  if (useGesture.getState().looked !== null) {
    useGesture.setState({ looked: null });
  }
}

export function startRenaming(id: string): void {
  useGesture.setState({ renaming: id });
}

export function stopRenaming(): void {
  useGesture.setState({ renaming: "" });
}

export function openMenu(menu: CanvasMenu): void {
  useGesture.setState({ menu });
}

export function closeMenu(): void {
  useGesture.setState({ menu: null });
}
