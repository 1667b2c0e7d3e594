/** The document: what is drawn, with undo and redo of everything. */

import { create } from "zustand";
import type { GraphDocument } from "../graph/model";
import { EMPTY_DOCUMENT } from "../graph/model";

const MOST_STEPS = 300;

export interface DocumentState {
  readonly document: GraphDocument;
  /** What undo goes back to, newest last. ``label`` is a key of the text catalogue. */
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  /** The graph's name on the server; "" where it has none yet. */
  readonly name: string;
  /** The document as it was last saved under its name; null where it never was. */
  readonly saved: GraphDocument | null;
  /** Counts documents that were opened: another one is shown from its own place. */
  readonly opened: number;
}

export interface Step {
  readonly document: GraphDocument;
  readonly label: string;
}

export const useDocument = create<DocumentState>(() => ({
  document: EMPTY_DOCUMENT,
  past: [],
  future: [],
  name: "",
  saved: null,
  opened: 0,
}));

export function currentDocument(): GraphDocument {
  return useDocument.getState().document;
}

/** One change that undo takes back as a whole; nothing happens where nothing changes. */
export function edit(label: string, change: (document: GraphDocument) => GraphDocument): void {
  const { document, past } = useDocument.getState();
  const next = change(document);
  if (next !== document) {
    const steps = [...past, { document, label }].slice(-MOST_STEPS);
    useDocument.setState({ document: next, past: steps, future: [] });
  }
}

export function undo(): void {
  const { document, past, future } = useDocument.getState();
  const step = past.at(-1);
  if (step !== undefined) {
    useDocument.setState({
      document: step.document,
      past: past.slice(0, -1),
      future: [...future, { document, label: step.label }],
    });
  }
}

export function redo(): void {
  const { document, past, future } = useDocument.getState();
  const step = future.at(-1);
  if (step !== undefined) {
    useDocument.setState({
      document: step.document,
      past: [...past, { document, label: step.label }],
      future: future.slice(0, -1),
    });
  }
}

/** Open another document; undo leads back to the one before. */
export function openDocument(document: GraphDocument, name: string, label: string): void {
  const state = useDocument.getState();
  const isFirst = state.past.length === 0 && state.document === EMPTY_DOCUMENT;
  useDocument.setState({
    document,
    past: isFirst ? [] : [...state.past, { document: state.document, label }],
    future: [],
    name,
    saved: name === "" ? null : document,
    opened: state.opened + 1,
  });
}
