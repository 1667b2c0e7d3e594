/**
 * Drawing a link: from a socket to another one, to the body of a node, or onto the empty canvas.
 *
 * Mouse, pen and finger alike. A link that is there already is taken off its input and put elsewhere.
 */

import type { NodeType } from "../catalogue/types";
import type { Place } from "../graph/edit";
import { connect, disconnect } from "../graph/edit";
import type { GraphDocument, Wire } from "../graph/model";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit } from "../stores/document";
import { useGesture, useLinkPointer } from "../stores/gesture";
import { openDialog, say, select } from "../stores/interface";
import { currentFlow, placeAt } from "../stores/view";
import { keepPanning } from "./autoPan";
import { addLinked } from "./addLinked";
import type { LinkTarget, WireEnd } from "./ends";
import { bestEndOf, fittingEnds, judge, nearestEnd, typeOfEnd } from "./ends";
import { refusalText } from "./wireWords";

/** How far the hand has to move before a press on a socket becomes a link. */
const THRESHOLD = 4;
/** How near a socket the loose end has to be to snap to it, on the screen. */
const REACH = 26;

/** Follow a pointer that was pressed on a socket, until it is let go. */
export function startLinkDrag(event: PointerEvent, pressed: WireEnd): void {
  const start: Place = { x: event.clientX, y: event.clientY };
  const { pointerId } = event;
  let hasBegun = false;
  let stopPanning: (() => void) | undefined;

  const onMove = (moved: PointerEvent): void => {
    if (moved.pointerId !== pointerId) {
      return;
    }
    const screen = { x: moved.clientX, y: moved.clientY };
    if (!hasBegun) {
      if (Math.hypot(screen.x - start.x, screen.y - start.y) < THRESHOLD) {
        return;
      }
      hasBegun = true;
      begin(pressed);
      stopPanning = keepPanning(() => useLinkPointer.getState().screen, moveTo);
    }
    moveTo(screen);
  };
  const onUp = (released: PointerEvent): void => {
    if (released.pointerId === pointerId) {
      stop();
      if (hasBegun) {
        drop({ x: released.clientX, y: released.clientY });
      }
    }
  };
  const onKey = (key: KeyboardEvent): void => {
    if (key.key === "Escape") {
      key.stopPropagation();
      stop();
      end();
    }
  };
  const onCancel = (): void => {
    stop();
    end();
  };
  const stop = (): void => {
    stopPanning?.();
    window.removeEventListener("pointermove", onMove);
    window.removeEventListener("pointerup", onUp);
    window.removeEventListener("pointercancel", onCancel);
    window.removeEventListener("keydown", onKey, true);
  };
  window.addEventListener("pointermove", onMove);
  window.addEventListener("pointerup", onUp);
  window.addEventListener("pointercancel", onCancel);
  window.addEventListener("keydown", onKey, true);
}

/** Take up a link at a socket; at a linked input, the link that is there. */
function begin(pressed: WireEnd): void {
  const document = currentDocument();
  const catalogue = currentCatalogue();
  const input = document.nodes[pressed.node]?.inputs[pressed.socket];
  const isTaken = pressed.side === "in" && input?.kind === "link";
  const end: WireEnd = isTaken ? { node: input.node, side: "out", socket: input.output } : pressed;
  const taken: Wire | null = isTaken
    ? { from: input.node, output: input.output, to: pressed.node, input: pressed.socket }
    : null;
  useGesture.setState({
    linking: { end, taken, fitting: fittingEnds(document, end, catalogue) },
    target: null,
    looked: null,
  });
}

function moveTo(screen: Place): void {
  const { linking } = useGesture.getState();
  if (linking === null) {
    return;
  }
  const place = placeAt(screen);
  useLinkPointer.setState({ place, screen });
  const target = targetAt(screen, place) ?? null;
  const before = useGesture.getState().target;
  const isSame =
    target?.end.node === before?.end.node &&
    target?.end.socket === before?.end.socket &&
    target?.end.side === before?.end.side;
  if (!isSame) {
    useGesture.setState({ target });
  }
}

/** What the loose end is over: a socket, or a node that has one that fits. */
function targetAt(screen: Place, place: Place): LinkTarget | undefined {
  const { linking } = useGesture.getState();
  if (linking === null) {
    return undefined;
  }
  const document = withoutTaken(currentDocument(), linking.taken);
  const catalogue = currentCatalogue();
  const { end, fitting } = linking;
  const distance = REACH / (currentFlow()?.getZoom() ?? 1);
  const near = nearestEnd(document, place, distance, catalogue, fitting);
  if (near !== undefined && !(near.node === end.node && near.socket === end.socket)) {
    return judge(document, end, near, catalogue);
  }
  const body = nodeAt(screen);
  const best = body === undefined ? undefined : bestEndOf(document, end, body, catalogue);
  return best === undefined ? undefined : judge(document, end, best, catalogue);
}

/** The id of the node that is drawn at a point of the screen. */
export function nodeAt({ x, y }: Place): string | undefined {
  const element = globalThis.document.elementFromPoint(x, y);
  return element?.closest<HTMLElement>("[data-node]")?.dataset["node"];
}

function withoutTaken(document: GraphDocument, taken: Wire | null): GraphDocument {
  return taken === null ? document : disconnect(document, taken.to, taken.input);
}

function drop(screen: Place): void {
  const { linking } = useGesture.getState();
  if (linking === null) {
    return;
  }
  const { end: loose, taken } = linking;
  const target = targetAt(screen, placeAt(screen));
  end();
  if (target !== undefined) {
    finish(target, taken);
  } else if (nodeAt(screen) !== undefined) {
    say("plain", refusalText({ reason: "wire.nothingFits", source: "", target: "" }));
  } else if (taken !== null) {
    edit("edit.disconnect", (document) => disconnect(document, taken.to, taken.input));
  } else {
    offerNodes(loose, screen);
  }
}

/** Draw the wire as one change, or say why it cannot be. */
export function finish({ wire, validity }: LinkTarget, taken: Wire | null): void {
  if (!validity.isValid) {
    say("plain", refusalText(validity));
    return;
  }
  if (!isDrawn(wire)) {
    edit("edit.connect", (document) => connect(withoutTaken(document, taken), wire));
  }
}

function isDrawn({ from, output, to, input }: Wire): boolean {
  const known = currentDocument().nodes[to]?.inputs[input];
  return known?.kind === "link" && known.node === from && known.output === output;
}

/** Offer the node types that a link dropped on the empty canvas could end in. */
export function offerNodes(loose: WireEnd, screen: Place): void {
  const type = typeOfEnd(currentDocument(), loose, currentCatalogue());
  if (type === undefined) {
    return;
  }
  openDialog("palette", {
    ...screen,
    fits: { side: loose.side === "out" ? "in" : "out", type },
    onPick: (picked: NodeType) => {
      const at = placeAt(screen);
      let added: readonly string[] = [];
      edit("edit.add", (document) => {
        const placed = addLinked(document, picked, at, loose, currentCatalogue());
        added = placed.ids;
        return placed.document;
      });
      select(added);
    },
  });
}

function end(): void {
  useGesture.setState({ linking: null, target: null });
}
