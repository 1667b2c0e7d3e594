import { EyeOff, GitFork, Redo2 } from "lucide-react";
import type { ReactElement } from "react";
import type { NodeType } from "../catalogue/types";
import { HEADER_HEIGHT } from "../graph/geometry";
import type { GraphNode } from "../graph/model";
import { useTexts } from "../texts/texts";
import { useBranches } from "./branches";
import styles from "./BlockNode.module.css";
import { NodeStatus } from "./NodeStatus";
import { NodeTitle } from "./NodeTitle";
import { RoleIcon } from "./RoleIcon";

interface Props {
  readonly node: GraphNode;
  readonly type: NodeType | undefined;
}

/** Title and state of a node; the main wire runs through it. */
export function NodeHeader({ node, type }: Props): ReactElement {
  const t = useTexts();
  return (
    <header className={styles["header"]} style={{ height: HEADER_HEIGHT }}>
      <RoleIcon type={type} />
      <div className={styles["names"]}>
        <NodeTitle
          id={node.id}
          title={node.title}
          placeholder={type?.title ?? node.type}
          label={t("node.title")}
          hint={type?.description}
        />
        {type === undefined ? null : <BranchChip id={node.id} />}
      </div>
      {node.mode === "active" ? null : <ModeMark mode={node.mode} />}
      <NodeStatus id={node.id} />
    </header>
  );
}

function ModeMark({ mode }: { readonly mode: "muted" | "bypassed" }): ReactElement {
  const t = useTexts();
  const Icon = mode === "muted" ? EyeOff : Redo2;
  return (
    <span className={styles["mode"]} title={t(`node.${mode}`)}>
      <Icon size={13} aria-hidden="true" />
      <span>{t(`node.${mode}`)}</span>
    </span>
  );
}

/** Which branch a conditional will take. */
function BranchChip({ id }: { readonly id: string }): ReactElement | null {
  const { chip, details } = useBranches(id);
  return chip === "" ? null : (
    <span className={styles["chip"]} title={details}>
      <GitFork size={10} aria-hidden="true" />
      <span>{chip}</span>
    </span>
  );
}
