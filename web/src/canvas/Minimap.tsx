import type { MiniMapNodeProps } from "@xyflow/react";
import { MiniMap } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { useCatalogue } from "../stores/catalogue";
import { useDocument } from "../stores/document";
import { useTexts } from "../texts/texts";
import { familyHue } from "./colours";
import { useMark } from "./marks";
import styles from "./Minimap.module.css";

/** The whole graph in small: coloured by family, and by what runs. */
export function Minimap(): ReactElement {
  const t = useTexts();
  return (
    <MiniMap
      pannable
      zoomable
      position="bottom-right"
      className={styles["minimap"] ?? ""}
      style={SIZE}
      nodeComponent={MinimapNode}
      ariaLabel={t("canvas.minimap")}
    />
  );
}

const SIZE = { width: 180, height: 120 };

const MinimapNode = memo(function MinimapNode(props: MiniMapNodeProps): ReactElement {
  const { id, x, y, width, height, selected } = props;
  const kind = useDocument(({ document }) =>
    id in document.nodes ? "node" : id in document.groups ? "group" : "note",
  );
  const type = useDocument(({ document }) => document.nodes[id]?.type ?? "");
  const hue = useCatalogue((state) => familyHue(state.catalogue.types.get(type)));
  const mark = useMark(id);
  return (
    <rect
      className={styles["node"]}
      style={{ ["--hue" as string]: hue }}
      data-kind={kind}
      data-mark={mark}
      data-selected={selected}
      x={x}
      y={y}
      width={width}
      height={height}
      rx={12}
    />
  );
});
