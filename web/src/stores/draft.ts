/** The work in this browser: kept at every change, so that nothing is lost whatever happens. */

import type { GraphFile } from "../graph/file";
import { readFile, writeFile } from "../graph/file";
import type { GraphDocument, Json } from "../graph/model";
import { documentToSave } from "./canvas";
import { currentCatalogue } from "./catalogue";
import { useDocument } from "./document";

const KEY = "blockloom.draft";
const SOON = 300;

interface Draft {
  readonly name: string;
  /** Whether the draft has changes that the graph of that name on the server lacks. */
  readonly isChanged: boolean;
  readonly file: GraphFile;
}

export interface OpenedDraft {
  readonly name: string;
  readonly isChanged: boolean;
  readonly document: GraphDocument;
}

/** The work that was last open here; null where there is none, or it cannot be read any more. */
export function readDraft(): OpenedDraft | null {
  const text = localStorage.getItem(KEY);
  if (text === null) {
    return null;
  }
  try {
    const draft = JSON.parse(text) as Draft;
    const document = readFile(draft.file as unknown as Json, currentCatalogue());
    return { name: draft.name, isChanged: draft.isChanged, document };
  } catch {
    return null;
  }
}

/** Keep the work a moment after each change, and at once when the page goes away. */
export function keepDraft(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = useDocument.subscribe((state, before) => {
    if (state.document !== before.document || state.saved !== before.saved) {
      clearTimeout(timer);
      timer = setTimeout(writeDraft, SOON);
    }
  });
  window.addEventListener("pagehide", writeDraft);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("pagehide", writeDraft);
    writeDraft();
    stop();
  };
}

function writeDraft(): void {
  const { document, name, saved } = useDocument.getState();
  const file = writeFile(documentToSave(), currentCatalogue());
  const draft: Draft = { name, isChanged: document !== saved, file };
  try {
    localStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // The browser's storage is full: the graph on the server, where it has a name, still is there.
  }
}
