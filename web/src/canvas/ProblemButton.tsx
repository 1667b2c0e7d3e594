import { DropdownMenu, Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import type { Problem } from "../protocol/answers";
import { useCatalogue } from "../stores/catalogue";
import { useTexts } from "../texts/texts";
import type { WireEnd } from "./ends";
import styles from "./Missing.module.css";
import { problemWords } from "./problems";
import { SupplyMenu } from "./SupplyMenu";

interface Props {
  readonly problem: Problem;
  readonly node: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** A problem with its words on hover; a click offers what can be linked or added. */
export function ProblemButton({ problem, node, className, children }: Props): ReactElement {
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
