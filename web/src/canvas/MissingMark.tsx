import { CircleAlert, TriangleAlert } from "lucide-react";
import { DropdownMenu, Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import type { Problem } from "../protocol/answers";
import { useCatalogue } from "../stores/catalogue";
import { useTexts } from "../texts/texts";
import type { WireEnd } from "./ends";
import styles from "./Missing.module.css";
import { problemWords } from "./problems";
import { useSocketProblem } from "./sources";
import { SupplyMenu } from "./SupplyMenu";

/** On an input that is in trouble: says what is wrong, and offers what would help. */
export function MissingMark({
  node,
  socket,
}: {
  readonly node: string;
  readonly socket: string;
}): ReactElement | null {
  const problem = useSocketProblem(node, socket);
  return problem === undefined ? null : (
    <ProblemButton problem={problem} node={node} className={styles["mark"] ?? ""}>
      <ProblemIcon problem={problem} />
    </ProblemButton>
  );
}

export function ProblemIcon({ problem }: { readonly problem: Problem }): ReactElement {
  const Icon = problem.is_warning ? TriangleAlert : CircleAlert;
  return <Icon size={14} aria-hidden="true" />;
}

interface ButtonProps {
  readonly problem: Problem;
  readonly node: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** A problem with its words on hover; a click offers what can be linked or added. */
export function ProblemButton({ problem, node, className, children }: ButtonProps): ReactElement {
  useTexts();
  const catalogue = useCatalogue((state) => state.catalogue);
  const { message, remedy } = problemWords(problem, catalogue);
  const canSupply = problem.code === "missing_input" || problem.code === "no_pipeline";
  const end: WireEnd = { node, side: "in", socket: problem.socket ?? "" };
  return (
    <DropdownMenu.Root modal={false}>
      <Tooltip.Provider delayDuration={250}>
        <Tooltip.Root>
          <Tooltip.Trigger asChild>
            <DropdownMenu.Trigger asChild disabled={!canSupply}>
              <button
                type="button"
                className={`${className} nodrag nopan`}
                data-warning={problem.is_warning}
                aria-label={`${message} ${remedy}`}
              >
                {children}
              </button>
            </DropdownMenu.Trigger>
          </Tooltip.Trigger>
          <Tooltip.Portal>
            <Tooltip.Content className={styles["tip"]} sideOffset={6} collisionPadding={8}>
              <p>{message}</p>
              <p className={styles["remedy"]}>{remedy}</p>
            </Tooltip.Content>
          </Tooltip.Portal>
        </Tooltip.Root>
      </Tooltip.Provider>
      {canSupply ? <SupplyMenu end={end} /> : null}
    </DropdownMenu.Root>
  );
}
