/** The graphs on the server, by name. */

import { create } from "zustand";
import { ServerError } from "../protocol/http";
import type { NamedGraph } from "../protocol/graphs";
import { listGraphs } from "../protocol/graphs";

export const useFiles = create<{
  readonly graphs: readonly NamedGraph[];
  readonly isRead: boolean;
}>(() => ({ graphs: [], isRead: false }));

/** Ask the server which there are; what was known stays where it cannot be reached. */
export function refreshFiles(): void {
  listGraphs().then(
    (graphs) => {
      useFiles.setState({ graphs, isRead: true });
    },
    (error: unknown) => {
      if (!(error instanceof ServerError)) {
        throw error;
      }
    },
  );
}
