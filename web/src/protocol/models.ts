/** Models that are on the server's machine already. */

import { getJson } from "./http";

export interface KnownModel {
  readonly name: string;
  readonly kind: "pipeline" | "component";
  readonly source: string;
}

export function fetchModels(): Promise<{ readonly models: readonly KnownModel[] }> {
  return getJson("/blockloom/models");
}
