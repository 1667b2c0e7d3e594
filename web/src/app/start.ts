/** From an empty page to the graph that was last open. */

import { FileError, readFile } from "../graph/file";
import { fetchExample } from "../protocol/api";
import { clientId } from "../protocol/client";
import { listen } from "../protocol/socket";
import { currentCatalogue, loadCatalogue } from "../stores/catalogue";
import { keepRemembering } from "../stores/blockStates";
import { keepChecking } from "../stores/check";
import { keepDrawing } from "../stores/canvas";
import { openDocument } from "../stores/document";
import { say } from "../stores/interface";
import { receiveEvent, receivePreview, useRun } from "../stores/run";
import { text } from "../texts/texts";

const FIRST_EXAMPLE = "text_to_image";

/** Everything that goes on while the page is open. Raises ServerError without a server. */
export async function start(): Promise<() => void> {
  await loadCatalogue();
  const stops = [keepDrawing(), keepChecking(), keepRemembering(), connectToServer()];
  await openExample(FIRST_EXAMPLE);
  return () => {
    for (const stop of stops) {
      stop();
    }
  };
}

function connectToServer(): () => void {
  return listen(clientId(), {
    onEvent: receiveEvent,
    onPreview: ({ prompt_id, node_id, picture }) => {
      receivePreview(prompt_id, node_id, URL.createObjectURL(picture));
    },
    onOpen: () => {
      useRun.setState({ isConnected: true });
    },
    onLost: () => {
      useRun.setState({ isConnected: false });
    },
  });
}

export async function openExample(name: string): Promise<void> {
  try {
    openDocument(readFile(await fetchExample(name), currentCatalogue()), "", "edit.open");
  } catch (error) {
    if (!(error instanceof FileError)) {
      throw error;
    }
    say("bad", text(error.reason, { place: error.place }));
  }
}
