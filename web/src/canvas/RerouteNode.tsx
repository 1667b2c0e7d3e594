import type { NodeProps } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { REROUTE } from "../graph/model";
import { sourceType } from "../graph/rules";
import { useCatalogue } from "../stores/catalogue";
import { useDocument } from "../stores/document";
import { useTexts } from "../texts/texts";
import { wireColour } from "./colours";
import styles from "./drawn.module.css";
import type { BlockFlowNode } from "./flow";
import { nodeNameId } from "./flow";
import { Socket } from "./Socket";
import { typeText } from "./wireWords";

/** A bend in a wire: dragged by its middle, linked at its sides. */
export const RerouteNode = memo(function RerouteNode({
  data,
  selected,
}: NodeProps<BlockFlowNode>): ReactElement {
  const t = useTexts();
  const { node, shape } = data;
  const catalogue = useCatalogue((state) => state.catalogue);
  const type = useDocument(
    (state) => sourceType(state.document, node.id, "value", catalogue) ?? "ANY",
  );
  const shared = { node: node.id, name: "value", type } as const;
  const y = shape.height / 2;
  return (
    <div
      className={styles["reroute"]}
      style={{ ["--socket" as string]: wireColour(type) }}
      data-node={node.id}
      data-type={REROUTE}
      data-selected={selected}
    >
      <span id={nodeNameId(node.id)} className="visually-hidden">
        {`${t("canvas.bend")}, ${typeText(type)}`}
      </span>
      <Socket {...shared} side="in" place={{ x: 0, y }} look="linked" label={t("socket.in")} />
      <Socket
        {...shared}
        side="out"
        place={{ x: shape.width, y }}
        look="linked"
        label={t("socket.output")}
      />
    </div>
  );
});
