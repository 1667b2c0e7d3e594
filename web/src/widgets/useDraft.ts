/** A field's own text until it is left: the document changes once, when a change is finished. */

import type { Dispatch } from "react";
import { useState } from "react";

export interface Draft {
  /** What is being written; null while nothing is. */
  readonly text: string | null;
  readonly write: Dispatch<string>;
  /** Give the text to ``take`` if something was written, and forget it. */
  readonly finish: () => void;
  readonly drop: () => void;
}

export function useDraft(take: (text: string) => void): Draft {
  const [text, setText] = useState<string | null>(null);
  return {
    text,
    write: setText,
    finish: () => {
      if (text !== null) {
        setText(null);
        take(text);
      }
    },
    drop: () => {
      setText(null);
    },
  };
}
