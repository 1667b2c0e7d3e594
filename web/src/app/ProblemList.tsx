import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { Popover } from "radix-ui";
import type { ReactElement } from "react";
import { useMemo, useState } from "react";
import { focusByKey } from "../canvas/focus";
import { problemWords } from "../canvas/problems";
import type { Problem } from "../protocol/answers";
import { useCatalogue } from "../stores/catalogue";
import { useCheck } from "../stores/check";
import { useDocument } from "../stores/document";
import { useTexts } from "../texts/texts";
import { afterClosing } from "./afterClosing";
import styles from "./ProblemList.module.css";

const NONE: readonly Problem[] = [];

/** How many problems the graph has; opened, each of them, to go to its node. */
export function ProblemList(): ReactElement {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const problems = useCheck((state) => state.answer?.problems ?? NONE);
  const sorted = useMemo(
    () => problems.toSorted((one, other) => Number(one.is_warning) - Number(other.is_warning)),
    [problems],
  );
  const errors = problems.filter(({ is_warning }) => !is_warning).length;
  const tone = errors > 0 ? "bad" : problems.length > 0 ? "warn" : "good";
  const count = problems.length;
  const label =
    count === 0
      ? t("problems.none")
      : count === 1
        ? t("problems.countOne")
        : t("problems.count", { count });
  const Icon = tone === "bad" ? CircleAlert : tone === "warn" ? TriangleAlert : CircleCheck;
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        className={styles["trigger"]}
        data-tone={tone}
        aria-label={label}
        title={label}
      >
        <Icon size={15} aria-hidden="true" />
        {count === 0 ? null : <span aria-hidden="true">{count}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles["list"]} align="end" sideOffset={7} aria-label={label}>
          <h2 className={styles["title"]}>{label}</h2>
          {count === 0 ? <p className={styles["empty"]}>{t("problems.noneHint")}</p> : null}
          <ul>
            {sorted.map((problem, place) => (
              <li key={place}>
                <Entry
                  problem={problem}
                  onGo={() => {
                    setOpen(false);
                  }}
                />
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface EntryProps {
  readonly problem: Problem;
  readonly onGo: () => void;
}

function Entry({ problem, onGo }: EntryProps): ReactElement {
  const t = useTexts();
  const title = useNodeTitle(problem.node);
  const { message, remedy } = problemWords(
    problem,
    useCatalogue((state) => state.catalogue),
  );
  const { node } = problem;
  const Icon = problem.is_warning ? TriangleAlert : CircleAlert;
  const kind = problem.is_warning ? t("problems.warning") : t("problems.error");
  const content = (
    <>
      <Icon size={14} role="img" aria-label={kind} />
      <span>
        {title === "" ? null : <span className={styles["node"]}>{title}</span>}
        <span>{message}</span>
        {remedy === "" ? null : <span className={styles["remedy"]}>{remedy}</span>}
      </span>
    </>
  );
  const tone = problem.is_warning ? "warn" : "bad";
  return node === null ? (
    <div className={styles["entry"]} data-tone={tone}>
      {content}
    </div>
  ) : (
    <button
      type="button"
      className={styles["entry"]}
      data-tone={tone}
      onClick={() => {
        onGo();
        afterClosing(() => {
          focusByKey(node);
        });
      }}
    >
      {content}
    </button>
  );
}

function useNodeTitle(id: string | null): string {
  const node = useDocument((state) => (id === null ? undefined : state.document.nodes[id]));
  const type = useCatalogue((state) =>
    node === undefined ? undefined : state.catalogue.types.get(node.type),
  );
  return node === undefined || node.title !== "" ? (node?.title ?? "") : (type?.title ?? node.type);
}
