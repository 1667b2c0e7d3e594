/** Where the inputs of a node get their values, as the last check found out. */

import type { InputSocket } from "../catalogue/types";
import type { GraphNode } from "../graph/model";
import type { Problem, Source } from "../protocol/answers";
import { useCatalogue } from "../stores/catalogue";
import { useCheck } from "../stores/check";
import { useDocument } from "../stores/document";
import { useTexts } from "../texts/texts";
import { defaultText, nodeTitle, originText } from "./wireWords";

/** How a socket looks: where its value comes from, at a glance. */
export type SocketLook = "linked" | "inherited" | "open" | "missing";

/** What is wrong with an input; undefined where nothing is. */
export function useSocketProblem(node: string, socket: string): Problem | undefined {
  return useCheck((state) =>
    state.problemsByNode[node]?.find((found) => found.socket === socket && found.side !== "output"),
  );
}

export function useSource(node: string, socket: string): Source | undefined {
  return useCheck((state) => state.answer?.nodes[node]?.inputs[socket]);
}

export function useInputLook(node: GraphNode, socket: string): SocketLook {
  const source = useSource(node.id, socket);
  const isMissing = useCheck(
    (state) =>
      state.problemsByNode[node.id]?.some(
        (found) => found.socket === socket && found.side !== "output" && !found.is_warning,
      ) === true,
  );
  if (isMissing) {
    return "missing";
  }
  return node.inputs[socket]?.kind === "link"
    ? "linked"
    : isInherited(source)
      ? "inherited"
      : "open";
}

/** Whether a value comes along the main wire. */
export function isInherited(source: Source | undefined): boolean {
  return (
    source?.from === "state" || (source?.from === "bundle" && Object.keys(source.fields).length > 0)
  );
}

/** The title of a node, drawn again when it changes. */
export function useNodeTitle(id: string): string {
  const catalogue = useCatalogue((state) => state.catalogue);
  return useDocument((state) => nodeTitle(state.document, id, catalogue));
}

/** Where an input gets its value, in words for screen readers and tooltips. */
export function useOrigin(node: string, socket: string): string {
  useTexts();
  const source = useSource(node, socket);
  const catalogue = useCatalogue((state) => state.catalogue);
  return useDocument((state) =>
    originText(source, (id) => nodeTitle(state.document, id, catalogue)),
  );
}

/** The node whose value an input takes over along the main wire; "" where it takes none over. */
export function useGiver(node: string, socket: string): string {
  const source = useSource(node, socket);
  const giver = source?.from === "state" ? source.node : "";
  const title = useNodeTitle(giver);
  return giver === "" ? "" : title;
}

/** What counts while nothing is typed. */
export function usePlaceholder(node: string, socket: InputSocket): string {
  const giver = useGiver(node, socket.name);
  return giver === "" ? defaultText(socket) : `← ${giver}`;
}
