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
  /** Numbers documents as they are opened: another one is shown from its own place. */
  readonly opened: number;
}

export interface Step {
  readonly document: GraphDocument;
  readonly label: string;
  /** Of a step that opened another graph: which one was there before, and its saved state. */
  readonly file?: FileState;
}

export interface FileState {
  readonly name: string;
  readonly saved: GraphDocument | null;
  readonly opened: number;
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
  const { document, past, future, ...file } = useDocument.getState();
  const step = past.at(-1);
  if (step !== undefined) {
    useDocument.setState({
      document: step.document,
      past: past.slice(0, -1),
      future: [...future, turned(step, document, file)],
      ...step.file,
    });
  }
}

export function redo(): void {
  const { document, past, future, ...file } = useDocument.getState();
  const step = future.at(-1);
  if (step !== undefined) {
    useDocument.setState({
      document: step.document,
      past: [...past, turned(step, document, file)],
      future: future.slice(0, -1),
      ...step.file,
    });
  }
}

/** The step that leads back from where a step leads. */
function turned(step: Step, document: GraphDocument, file: FileState): Step {
  return { document, label: step.label, ...(step.file === undefined ? {} : { file }) };
}

let openings = 0;

/**
 * Open another document; undo leads back to the one before. ``isSaved`` says whether the graph of
 * that name on the server is the same.
 */
export function openDocument(
  document: GraphDocument,
  name: string,
  label: string,
  isSaved = name !== "",
): void {
  const { document: drawn, past, future: _, ...file } = useDocument.getState();
  const isFirst = past.length === 0 && drawn === EMPTY_DOCUMENT;
  const before: Step = { document: drawn, label, file };
  openings += 1;
  useDocument.setState({
    document,
    past: isFirst ? [] : [...past, before],
    future: [],
    name,
    saved: isSaved ? document : null,
    opened: openings,
  });
}
