/** The branches that the conditionals of a node will take, in words. */

import type { CheckedNode } from "../protocol/answers";
import { useCheck } from "../stores/check";
import type { Translate } from "../texts/texts";
import { useTexts } from "../texts/texts";

export interface Branches {
  /** What is shown under the title; "" where there is nothing to say. */
  readonly chip: string;
  /** Every conditional inside, line by line. */
  readonly details: string;
}

export function useBranches(id: string): Branches {
  const t = useTexts();
  const node = useCheck((state) => state.answer?.nodes[id]);
  return branchesOf(node, t);
}

/** The node's own branch; else those inside that are taken and tell more than their own path. */
export function branchesOf(node: CheckedNode | undefined, t: Translate): Branches {
  if (node === undefined) {
    return { chip: "", details: "" };
  }
  const entries = Object.entries(node.branches);
  const details = entries.map(([path, branch]) => line(path, branch, t));
  if (node.undecided.length > 0) {
    details.push(t("branch.undecided"));
  }
  const own = node.branches[""];
  const told = entries
    .filter(([path, branch]) => branch !== null && branch !== "" && branch !== lastOf(path))
    .map(([, branch]) => branch ?? "");
  const chip = own ?? [...new Set(told)].join(" · ");
  const isOpen = chip === "" && node.undecided.length > 0;
  return { chip: isOpen ? t("branch.undecided") : chip, details: details.join("\n") };
}

function line(path: string, branch: string | null, t: Translate): string {
  const taken = branch ?? t("branch.skips");
  return path === ""
    ? t("branch.takes", { branch: taken })
    : t("branch.inside", { path, branch: taken });
}

function lastOf(path: string): string {
  return path.split(".").at(-1) ?? "";
}
