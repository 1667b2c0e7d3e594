/** The models that need no download: asked for when a list of them is opened. */

import { useEffect, useState } from "react";
import { fetchModels } from "../protocol/models";
import type { Option } from "./options";

const NONE: readonly Option[] = [];

export function useModels(isWanted: boolean): readonly Option[] {
  const [models, setModels] = useState(NONE);
  useEffect(() => {
    if (!isWanted) {
      return undefined;
    }
    let isGone = false;
    fetchModels().then(
      ({ models: found }) => {
        if (!isGone) {
          setModels(found.map(({ name, source }) => ({ text: name, hint: source })));
        }
      },
      // Without an answer the field takes any name, as before.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [isWanted]);
  return models;
}
