/** Parts of the editor that are not on the first screen: loaded when there is time, or when asked. */

import type { ComponentType, LazyExoticComponent } from "react";
import { lazy } from "react";
import { useConnection } from "../stores/connection";

type Load = () => Promise<unknown>;

const RETRY = 2500;
const loads: Load[] = [];

/** A component that is loaded later; ``load`` imports it. */
export function late<P>(
  load: () => Promise<ComponentType<P>>,
): LazyExoticComponent<ComponentType<P>> {
  loads.push(load);
  return lazy(async () => ({ default: await untilLoaded(load) }));
}

/** Load a part as soon as the server is there: without it nothing is shown in its place, for now. */
export async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load();
    } catch (error) {
      // Whether the server is away is known by the second time.
      if (tries > 1 && useConnection.getState().reach === "fine") {
        throw error;
      }
    }
    await new Promise((done) => {
      setTimeout(done, RETRY);
    });
  }
}

/** Load the rest one after the other: what is opened later opens at once, with or without server. */
export function loadRest(): void {
  const idle = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 200));
  const [first, ...rest] = loads;
  const loadNext = (load: Load | undefined, after: readonly Load[]): void => {
    if (load !== undefined) {
      idle(() => {
        load().then(
          () => {
            loadNext(after[0], after.slice(1));
          },
          () => {
            // Out of reach now: asked for again when it is opened.
          },
        );
      });
    }
  };
  loadNext(first, rest);
}
