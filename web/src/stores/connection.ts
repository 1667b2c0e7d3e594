/** Whether the server can be talked to, and what to do until it can. */

import { create } from "zustand";
import { getJson, ServerError } from "../protocol/http";
import { useRun } from "./run";

/** "token": it answers, but wants a token that this browser does not have, or no longer. */
export type Reach = "starting" | "fine" | "lost" | "token";

export interface ConnectionState {
  readonly reach: Reach;
  /** What the server says is wrong with itself, before anything can be shown. */
  readonly failure: ServerError | null;
}

export const useConnection = create<ConnectionState>(() => ({ reach: "starting", failure: null }));

const RETRY = 2500;
/** A server that is back this soon is not worth a word. */
const GRACE = 1200;
/** Answers at once, and only to those who may use the server. */
const PING = "/blockloom/queue";

let wake: (() => void) | undefined;

/** Try again now, not in a while. */
export function tryNow(): void {
  wake?.();
}

/** Give the server a token that somebody typed; says whether it takes it. */
export async function giveToken(token: string): Promise<boolean> {
  try {
    await getJson(`${PING}?${new URLSearchParams({ token }).toString()}`);
  } catch (error) {
    noteFailure(error);
    return false;
  }
  tryNow();
  return true;
}

/** Ask until the server answers. Raises what is no ServerError. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const answer = await ask();
      useConnection.setState({ reach: "fine", failure: null });
      return answer;
    } catch (error) {
      noteFailure(error);
    }
    await pause(RETRY);
  }
}

/** Watch the connection while the page is open; returns a function that ends it. */
export function keepConnected(): () => void {
  const watch = { isWanted: true, isAsking: false };
  const ask = (): void => {
    if (!watch.isAsking) {
      watch.isAsking = true;
      void askUntilBack(() => watch.isWanted).finally(() => {
        watch.isAsking = false;
      });
    }
  };
  const stop = useRun.subscribe((state, before) => {
    if (state.isConnected) {
      useConnection.setState({ reach: "fine", failure: null });
    } else if (before.isConnected) {
      ask();
    }
  });
  ask();
  return () => {
    watch.isWanted = false;
    stop();
  };
}

/** Find out why the socket is closed, again and again until it is open. */
async function askUntilBack(isWanted: () => boolean): Promise<void> {
  await pause(GRACE);
  while (isWanted() && !useRun.getState().isConnected) {
    try {
      await getJson(PING);
      useConnection.setState({ reach: "fine", failure: null });
    } catch (error) {
      noteFailure(error);
    }
    await pause(RETRY);
  }
}

function noteFailure(error: unknown): void {
  if (!(error instanceof ServerError)) {
    throw error;
  }
  useConnection.setState({
    reach: error.needsToken ? "token" : "lost",
    failure: saysWhatIsWrong(error) ? error : null,
  });
}

/** A proxy in front of a server that is away answers, too, but has nothing to say. */
function saysWhatIsWrong(error: ServerError): boolean {
  return !error.isUnreachable && !error.needsToken && error.kind !== "error";
}

function pause(time: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, time);
    wake = () => {
      clearTimeout(timer);
      done();
    };
  });
}
