import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import type { FlowEdge, FlowNode } from "../canvas/flow";
import { setFlow, watchPointer } from "../stores/view";

/** Makes the canvas known to actions, which are no components. */
export function FlowKeeper(): null {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  useEffect(() => {
    setFlow(flow);
    return () => {
      setFlow(undefined);
    };
  }, [flow]);
  useEffect(() => watchPointer(), []);
  return null;
}
