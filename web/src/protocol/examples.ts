/** The graphs that come with Blockloom. */

import { getJson } from "./http";

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

export function fetchExamples(): Promise<readonly Example[]> {
  return getJson("/blockloom/examples");
}
