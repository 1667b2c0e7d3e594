import type { RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import type { GraphDocument } from "../../graph/model";
import { templateGraph } from "../../stores/templates";
import type { TemplateSource } from "./list";

export interface SeenGraph {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly graph: GraphDocument | null;
  readonly hasFailed: boolean;
}

/** The graph of a template, asked for once its place has come into view. */
export function useGraph(source: TemplateSource): SeenGraph {
  const ref = useRef<HTMLDivElement>(null);
  const [graph, setGraph] = useState<GraphDocument | null>(null);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    const { current } = ref;
    if (current === null) {
      return;
    }
    let isGone = false;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) {
          return;
        }
        observer.disconnect();
        templateGraph(source).then(
          (found) => {
            if (!isGone) {
              setGraph(found);
              setFailed(false);
            }
          },
          () => {
            if (!isGone) {
              setFailed(true);
            }
          },
        );
      },
      { rootMargin: "160px" },
    );
    observer.observe(current);
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, [source]);
  return { ref, graph, hasFailed };
}
