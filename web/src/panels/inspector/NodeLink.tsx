import type { ReactElement } from "react";
import { useDocument } from "../../stores/document";
import { useTexts } from "../../texts/texts";
import { goToNode, useNodeTitle } from "./nodes";
import styles from "./values.module.css";

interface Props {
  readonly id: string;
  /** The words around the node's name: "from {node}". */
  readonly words:
    | "from.state"
    | "from.linked"
    | "from.bundle"
    | "from.maybe"
    | "from.stateUser"
    | "wrote.over";
}

/** Which node something is from; leads there. */
export function NodeLink({ id, words }: Props): ReactElement {
  const t = useTexts();
  const title = useNodeTitle(id);
  const isThere = useDocument((state) => id in state.document.nodes);
  const shown = t(words, { node: title });
  return isThere ? (
    <button
      type="button"
      className={styles["nodeLink"]}
      title={t("from.goTo", { node: title })}
      onClick={() => {
        goToNode(id);
      }}
    >
      {shown}
    </button>
  ) : (
    <span>{shown}</span>
  );
}
