/** The state of the mask editor: brush, steps, and the canvas they are drawn on. */

import { useCallback, useEffect, useRef, useState } from "react";
import type { MaskOrder } from "./order";
import { paint, paintTransparency } from "./paint";
import type { Brush, MaskHistory, MaskStep } from "./strokes";
import { EMPTY_HISTORY, redone, undone, withStep } from "./strokes";

export interface MaskState {
  readonly brush: Brush;
  readonly setBrush: (change: Partial<Brush>) => void;
  readonly history: MaskHistory;
  readonly step: (step: MaskStep) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Null while the picture loads; "" where it cannot be loaded. */
  readonly picture: HTMLImageElement | "" | null;
  readonly canvas: React.RefObject<HTMLCanvasElement | null>;
}

export function useMask(order: MaskOrder): MaskState {
  const [brush, setWholeBrush] = useState<Brush>({
    size: 40,
    feather: 0,
    isErasing: false,
    followsPressure: true,
  });
  const [history, setHistory] = useState(EMPTY_HISTORY);
  const { picture, begins } = usePictures(order, setWholeBrush);
  const canvas = useRef<HTMLCanvasElement | null>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d", { willReadFrequently: true });
    if (context !== null && context !== undefined && picture instanceof HTMLImageElement) {
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      if (begins !== null) {
        paintTransparency(context, begins);
      }
      paint(context, history.done);
    }
  }, [history, picture, begins]);
  const setBrush = useCallback((change: Partial<Brush>) => {
    setWholeBrush((before) => ({ ...before, ...change }));
  }, []);
  return {
    brush,
    setBrush,
    history,
    step: (step) => {
      setHistory((before) => withStep(before, step));
    },
    undo: () => {
      setHistory(undone);
    },
    redo: () => {
      setHistory(redone);
    },
    picture,
    canvas,
  };
}

type Loaded = Pick<MaskState, "picture"> & { readonly begins: HTMLImageElement | null };

function usePictures(
  { background, begins }: MaskOrder,
  setBrush: (change: (brush: Brush) => Brush) => void,
): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ picture: null, begins: null });
  useEffect(() => {
    let isGone = false;
    const both = [load(background), begins === null ? null : load(begins)] as const;
    Promise.all(both).then(
      ([picture, first]) => {
        if (!isGone) {
          setLoaded({ picture, begins: first });
          const side = Math.min(picture.naturalWidth, picture.naturalHeight);
          setBrush((brush) => ({ ...brush, size: Math.max(2, Math.round(side / 8)) }));
        }
      },
      () => {
        if (!isGone) {
          setLoaded({ picture: "", begins: null });
        }
      },
    );
    return () => {
      isGone = true;
    };
  }, [background, begins, setBrush]);
  return loaded;
}

function load(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.addEventListener("load", () => {
      resolve(image);
    });
    image.addEventListener("error", () => {
      reject(new Error("the picture cannot be loaded"));
    });
    image.src = address;
  });
}
