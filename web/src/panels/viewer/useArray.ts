/** The numbers of a tensor, brought here so that single ones can be read. */

import { useEffect, useState } from "react";
import type { ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { valueUrl } from "../../protocol/blockStates";
import { request, ServerError } from "../../protocol/http";
import { isNumeric } from "../inspector/values";
import { LARGEST_ARRAY } from "./modes";
import type { NumberArray } from "./npy";
import { readNpy } from "./npy";

export type FoundArray = NumberArray | "too large" | "none" | undefined;

/** Undefined until it is here; "none" for what holds no numbers that could be read. */
export function useArray(place: ValuePlace, summary: ValueSummary): FoundArray {
  const [found, setFound] = useState<FoundArray>();
  const url = valueUrl(place, "npy");
  const size = summary.size;
  const isAsked = isNumeric(summary) && size <= LARGEST_ARRAY;
  useEffect(() => {
    if (!isAsked) {
      return undefined;
    }
    const stop = new AbortController();
    void (async () => {
      try {
        const response = await request(url, { signal: stop.signal });
        setFound(readNpy(await response.arrayBuffer()) ?? "none");
      } catch (error) {
        if (error instanceof ServerError) {
          setFound("none");
        } else if (!stop.signal.aborted) {
          throw error;
        }
      }
    })();
    return () => {
      stop.abort();
    };
  }, [url, isAsked]);
  return isAsked ? found : isNumeric(summary) ? "too large" : "none";
}
