/** Where the inputs of a node get their values, as the last check found out. */

import type { InputSocket } from "../catalogue/types";
import type { Json } from "../graph/model";
import type { Source } from "../protocol/answers";
import { useCheck } from "../stores/check";

/** What is wrong with an input, in words; null where nothing is. */
export function useSocketProblem(node: string, socket: string): string | null {
  return useCheck((state) => {
    const problem = state.problemsByNode[node]?.find((found) => found.socket === socket);
    return problem === undefined ? null : `${problem.message} ${problem.remedy}`.trim();
  });
}

export function useSource(node: string, socket: string): Source | undefined {
  return useCheck((state) => state.answer?.nodes[node]?.inputs[socket]);
}

/** What counts while nothing is typed. */
export function usePlaceholder(node: string, socket: InputSocket): string {
  const source = useSource(node, socket.name);
  if (source?.from === "state") {
    return `← ${source.node}`;
  }
  return defaultText(socket);
}

export function defaultText(socket: InputSocket): string {
  if (socket.default_text !== undefined && socket.default_text !== "") {
    return socket.default_text;
  }
  return socket.default === undefined || socket.default === null ? "" : shownValue(socket.default);
}

function shownValue(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
