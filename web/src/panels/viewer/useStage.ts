/** A stage to look at a picture: its size, where the picture lies, and what moves it. */

import type { RefCallback } from "react";
import { useCallback, useRef, useState } from "react";
import type { Point, Size, View } from "./view";
import { centred, fitted, movedBy, pinched, zoomedAt } from "./view";

export interface Stage {
  readonly ref: RefCallback<HTMLElement>;
  readonly size: Size;
  readonly view: View | null;
  readonly fit: () => void;
  readonly showActual: () => void;
  /** Zoom at a point of the stage, or at its middle. */
  readonly zoom: (factor: number, at?: Point) => void;
  readonly move: (by: Point) => void;
  readonly pinch: (from: readonly [Point, Point], to: readonly [Point, Point]) => void;
}

const NOTHING: Size = { width: 0, height: 0 };

/** Until somebody moves it, the picture is fitted, whatever its size and that of the stage. */
export function useStage(picture: Size | null): Stage {
  const [size, setSize] = useState(NOTHING);
  const [moved, setMoved] = useState<View | null>(null);
  const watcher = useRef<ResizeObserver | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    watcher.current?.disconnect();
    if (element !== null) {
      watcher.current = new ResizeObserver(([entry]) => {
        if (entry !== undefined) {
          const { width, height } = entry.contentRect;
          setSize({ width, height });
        }
      });
      watcher.current.observe(element);
    }
  }, []);
  const isReady = picture !== null && size.width > 0 && picture.width > 0;
  const view = isReady ? (moved ?? fitted(picture, size)) : null;
  const change = (next: (view: View, picture: Size) => View): void => {
    if (view !== null && picture !== null) {
      setMoved(movedBy(next(view, picture), { x: 0, y: 0 }, picture, size));
    }
  };
  return {
    ref,
    size,
    view,
    fit: () => {
      setMoved(null);
    },
    showActual: () => {
      change((_, found) => centred(found, size, 1));
    },
    zoom: (factor, at = { x: size.width / 2, y: size.height / 2 }) => {
      change((found, shown) => zoomedAt(found, factor, at, shown));
    },
    move: (by) => {
      change((found, shown) => movedBy(found, by, shown, size));
    },
    pinch: (from, to) => {
      change((found, shown) => pinched(found, from, to, shown));
    },
  };
}
