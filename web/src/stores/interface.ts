/** What is on screen besides the document: selection, panels, looks. Never undoable. */

import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Language } from "../texts/language";

export type Theme = "system" | "dark" | "light";
export const PREVIEW_SIZES = [256, 512, 1024] as const;
export type PreviewSize = (typeof PREVIEW_SIZES)[number];
export type PanelSide = "left" | "right";
export type SidePanel = "nodes" | "templates" | "history" | "files" | "queue";

export interface InterfaceState {
  readonly language: Language;
  readonly theme: Theme;
  readonly sidePanel: SidePanel | null;
  readonly isInspectorOpen: boolean;
  readonly panelWidths: Readonly<Record<PanelSide, number>>;
  readonly isSnapping: boolean;
  /** Whether dragging the empty canvas moves it; else it draws a box to select with. */
  readonly dragPans: boolean;
  readonly isMinimapShown: boolean;
  /** How large pictures on nodes are asked for, in pixels. */
  readonly previewSize: PreviewSize;
  /** Nodes, notes and groups by id. */
  readonly selection: ReadonlySet<string>;
  /** What is open over everything else; one at a time. */
  readonly dialog: Dialog | null;
  /** Short messages, newest last. */
  readonly messages: readonly Message[];
}

/** A dialog by name; every dialog adds its own member. */
export interface Dialog {
  readonly name: string;
  readonly data?: unknown;
}

export interface Message {
  readonly id: number;
  readonly tone: "plain" | "good" | "bad";
  readonly text: string;
  readonly remedy: string;
}

function firstLanguage(): Language {
  return typeof navigator !== "undefined" && navigator.language.startsWith("de") ? "de" : "en";
}

/** On a small screen the canvas gets all the room until somebody asks for the inspector. */
function isWide(): boolean {
  return typeof window !== "undefined" && window.innerWidth >= 1600;
}

const KEPT = [
  "language",
  "theme",
  "sidePanel",
  "isInspectorOpen",
  "panelWidths",
  "isSnapping",
  "dragPans",
  "isMinimapShown",
  "previewSize",
] as const;

export const useInterface = create<InterfaceState>()(
  persist(
    (): InterfaceState => ({
      language: firstLanguage(),
      theme: "system",
      sidePanel: null,
      isInspectorOpen: isWide(),
      panelWidths: { left: 290, right: 330 },
      isSnapping: true,
      dragPans: false,
      isMinimapShown: true,
      previewSize: 512,
      selection: new Set<string>(),
      dialog: null,
      messages: [],
    }),
    {
      name: "blockloom.interface",
      partialize: (state) => Object.fromEntries(KEPT.map((name) => [name, state[name]])),
    },
  ),
);

export function select(ids: Iterable<string>): void {
  useInterface.setState({ selection: new Set(ids) });
}

export function openDialog(name: string, data?: unknown): void {
  useInterface.setState({ dialog: data === undefined ? { name } : { name, data } });
}

export function closeDialog(): void {
  useInterface.setState({ dialog: null });
}

export function toggleSidePanel(panel: SidePanel): void {
  useInterface.setState(({ sidePanel }) => ({ sidePanel: sidePanel === panel ? null : panel }));
}

export function closePanel(side: PanelSide): void {
  useInterface.setState(side === "left" ? { sidePanel: null } : { isInspectorOpen: false });
}

export const NARROWEST_PANEL = 220;
export const WIDEST_PANEL = 640;

export function setPanelWidth(side: PanelSide, width: number): void {
  const kept = Math.min(Math.max(width, NARROWEST_PANEL), WIDEST_PANEL);
  useInterface.setState(({ panelWidths }) => ({ panelWidths: { ...panelWidths, [side]: kept } }));
}

let messageCount = 0;

/** Tell the user something in passing; it goes away by itself unless it is bad. */
export function say(tone: Message["tone"], text: string, remedy = ""): void {
  messageCount += 1;
  const message: Message = { id: messageCount, tone, text, remedy };
  useInterface.setState(({ messages }) => ({ messages: [...messages, message].slice(-5) }));
  if (tone !== "bad") {
    setTimeout(() => {
      dismiss(message.id);
    }, 4000);
  }
}

export function dismiss(id: number): void {
  useInterface.setState(({ messages }) => ({ messages: messages.filter((m) => m.id !== id) }));
}
