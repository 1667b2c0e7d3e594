import type { ReactElement } from "react";
import type { BlockState, ReadValue } from "../../protocol/blockStates";
import { useCatalogue } from "../../stores/catalogue";
import { useTexts } from "../../texts/texts";
import { NodeLink } from "./NodeLink";
import { defaultOf } from "./reads";
import { ValueRow } from "./ValueRow";
import { markOf } from "./values";

interface Props {
  readonly value: ReadValue;
  readonly state: BlockState;
  readonly before: BlockState | undefined;
  readonly job: string;
}

/** A value the node read, and where it is from. */
export function ReadRow({ value, state, before, job }: Props): ReactElement {
  const t = useTexts();
  const fallback = useCatalogue((found) =>
    defaultOf(found.catalogue.types.get(state.class_type), value.name),
  );
  const isDefault = value.came_from === "default";
  return (
    <ValueRow
      place={{ job, node: state.node_id, name: value.name, side: "read" }}
      summary={value.value}
      mark={markOf(value, before?.read)}
      {...(isDefault ? { fallback: fallback === "" ? t("value.none") : fallback } : {})}
    >
      <Origin value={value} node={state.node_id} />
    </ValueRow>
  );
}

function Origin({ value, node }: { value: ReadValue; node: string }): ReactElement {
  const t = useTexts();
  const { came_from: from, writer } = value;
  if (from === "typed" || from === "default" || writer === "" || writer === node) {
    return <span>{t(from === "default" ? "from.default" : "from.typed")}</span>;
  }
  const words =
    from === "linked" ? "from.linked" : from === "bundle" ? "from.bundle" : "from.state";
  return <NodeLink id={writer} words={words} />;
}
