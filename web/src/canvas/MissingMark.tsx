import { CircleAlert, TriangleAlert } from "lucide-react";
import { DropdownMenu, Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import type { NodeType } from "../catalogue/types";
import type { Problem } from "../protocol/answers";
import { useCatalogue } from "../stores/catalogue";
import { useTexts } from "../texts/texts";
import styles from "./Missing.module.css";
import { problemWords } from "./problems";
import { useSocketProblem } from "./sources";
import { supply, supplyAny } from "./supply";
import { suppliersOf } from "./suppliers";

const MOST_OFFERED = 8;

/** On an input that is in trouble: says what is wrong, and offers the nodes that would help. */
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

/** A problem with its words on hover; a click offers what can be added. */
export function ProblemButton({ problem, node, className, children }: ButtonProps): ReactElement {
  const t = useTexts();
  const catalogue = useCatalogue((state) => state.catalogue);
  const { message, remedy } = problemWords(problem, catalogue);
  const type = catalogue.types.get(problem.class_type ?? "");
  const socket = problem.socket ?? "";
  const canAdd = problem.code === "missing_input" || problem.code === "no_pipeline";
  const suppliers = canAdd ? suppliersOf(type, socket, catalogue).slice(0, MOST_OFFERED) : [];
  const label = `${message} ${remedy}`;
  return (
    <DropdownMenu.Root modal={false}>
      <Tooltip.Provider delayDuration={250}>
        <Tooltip.Root>
          <Tooltip.Trigger asChild>
            <DropdownMenu.Trigger asChild disabled={!canAdd}>
              <button
                type="button"
                className={`${className} nodrag nopan`}
                data-warning={problem.is_warning}
                aria-label={label}
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
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles["menu"]}
          aria-label={t("missing.offer", { socket })}
          sideOffset={6}
          collisionPadding={8}
        >
          <DropdownMenu.Label className={styles["heading"]}>
            {t("missing.offer", { socket })}
          </DropdownMenu.Label>
          {suppliers.map((supplier) => (
            <SupplierItem key={supplier.id} type={supplier} node={node} socket={socket} />
          ))}
          <DropdownMenu.Item
            className={styles["item"]}
            onSelect={() => {
              supplyAny({ node, side: "in", socket });
            }}
          >
            {t("link.newNode")}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function SupplierItem(props: { type: NodeType; node: string; socket: string }): ReactElement {
  const { type, node, socket } = props;
  return (
    <DropdownMenu.Item
      className={styles["item"]}
      onSelect={() => {
        supply(type, { node, side: "in", socket });
      }}
    >
      <span>{type.title}</span>
      <span className={styles["family"]}>{type.family ?? type.category[0]}</span>
    </DropdownMenu.Item>
  );
}
