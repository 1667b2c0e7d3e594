/** From an empty page to the graph that was last open. */

import { keepClipboard } from "../actions/clipboard";
import { openContent, openNamed, reportFileError } from "../actions/open";
import { keepRunningOnChange } from "../actions/run";
import { fetchExample } from "../protocol/api";
import { clientId } from "../protocol/client";
import type { ServerEvent } from "../protocol/events";
import { listen } from "../protocol/socket";
import { keepRemembering } from "../stores/blockStates";
import { keepDrawing } from "../stores/canvas";
import { loadCatalogue, useCatalogue } from "../stores/catalogue";
import { keepChecking } from "../stores/check";
import { keepChosenTypes } from "../stores/chosenTypes";
import { keepConnected, patiently } from "../stores/connection";
import { openDocument } from "../stores/document";
import { keepDraft, readDraft } from "../stores/draft";
import { refreshJobs } from "../stores/jobs";
import { restoreLastRun } from "../stores/lastRun";
import { keepOwnNodes } from "../stores/ownNodes";
import { receiveEvent, receivePreview, useRun } from "../stores/run";
import { keepTour } from "../stores/tour";
import { loadRest } from "./late";

const FIRST_EXAMPLE = "text_to_image";
const MOST_WAITED = 500;
/** What the lists of jobs depend on. */
const JOB_EVENTS: ReadonlySet<ServerEvent["type"]> = new Set([
  "status",
  "execution_start",
  "execution_success",
  "execution_error",
  "execution_interrupted",
]);

/** Everything that goes on while the page is open. Waits for a server as long as it takes. */
export async function start(): Promise<() => void> {
  await patiently(loadCatalogue);
  await openFirst();
  const stops = [keepDrawing()];
  useCatalogue.setState({ isReady: true });
  await shown();
  stops.push(keepDraft(), keepRemembering());
  await restoreLastRun();
  stops.push(
    keepChosenTypes(),
    keepClipboard(),
    keepChecking(),
    keepRunningOnChange(),
    keepConnected(),
    connectToServer(),
    keepTour(),
    keepOwnNodes(),
  );
  loadRest();
  return () => {
    for (const stop of stops) {
      stop();
    }
  };
}

/** What is drawn so far is on the screen; nobody waits for that where nobody looks at the page. */
function shown(): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, MOST_WAITED);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(done);
    });
  });
}

/** The graph that the address names, else the work of last time, else the first example. */
async function openFirst(): Promise<void> {
  const named = new URLSearchParams(location.search).get("graph");
  const draft = readDraft();
  const isDraftOfIt = draft !== null && draft.name === named && draft.isChanged;
  if (named !== null && !isDraftOfIt && (await openNamed(named))) {
    return;
  }
  if (draft === null) {
    await openExample(FIRST_EXAMPLE);
    return;
  }
  openDocument(draft.document, draft.name, "edit.open", !draft.isChanged);
}

function connectToServer(): () => void {
  return listen(clientId(), {
    onEvent: (event) => {
      receiveEvent(event);
      if (JOB_EVENTS.has(event.type)) {
        refreshJobs();
      }
      if (event.type === "blockloom_catalogue") {
        void patiently(loadCatalogue);
      }
    },
    onPreview: ({ prompt_id, node_id, picture }) => {
      receivePreview(prompt_id, node_id, URL.createObjectURL(picture));
    },
    onOpen: (isAgain) => {
      useRun.setState({ isConnected: true });
      refreshJobs();
      if (isAgain) {
        void restoreLastRun();
      }
    },
    onLost: () => {
      useRun.setState({ isConnected: false });
    },
  });
}

/** Open one of the graphs that come with Blockloom. */
export async function openExample(name: string): Promise<void> {
  try {
    openContent(await fetchExample(name));
  } catch (error) {
    reportFileError(error);
  }
}
