/** Parts of the editor that are not on the first screen: loaded when there is time, or when asked. */

import type { ComponentType, LazyExoticComponent } from "react";
import { lazy } from "react";

type Load = () => Promise<unknown>;

const loads: Load[] = [];

/** A component that is loaded later; ``load`` imports it. */
export function late<P>(
  load: () => Promise<ComponentType<P>>,
): LazyExoticComponent<ComponentType<P>> {
  loads.push(load);
  return lazy(async () => ({ default: await load() }));
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
