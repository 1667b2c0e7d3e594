import { Handle, Position } from "@xyflow/react";
import { ChevronDown, ChevronUp } from "lucide-react";
import type { ReactElement } from "react";
import { socketTitle } from "../catalogue/catalogue";
import type { InputSocket, OutputSocket } from "../catalogue/types";
import { changeNode, typeValue } from "../graph/edit";
import type { NodeShape, Row } from "../graph/geometry";
import { ROW_HEIGHT } from "../graph/geometry";
import type { GraphNode } from "../graph/model";
import { edit } from "../stores/document";
import { useTexts } from "../texts/texts";
import { Control } from "../widgets/Control";
import styles from "./BlockNode.module.css";
import { wireColour } from "./colours";
import { usePlaceholder, useSocketProblem } from "./sources";

export function NodeRow({
  node,
  row,
}: {
  readonly node: GraphNode;
  readonly row: Row;
}): ReactElement {
  return (
    <div
      className={styles["row"]}
      style={{ top: row.top, height: row.height }}
      data-control={row.control}
    >
      {row.input === null ? null : <InputCell node={node} socket={row.input} row={row} />}
      {row.output === null ? null : <OutputCell socket={row.output} />}
    </div>
  );
}

function InputCell({
  node,
  socket,
  row,
}: {
  node: GraphNode;
  socket: InputSocket;
  row: Row;
}): ReactElement {
  const problem = useSocketProblem(node.id, socket.name);
  return (
    <div
      className={styles["input"]}
      data-problem={problem !== null}
      title={problem ?? socket.description}
    >
      <Handle
        id={socket.name}
        type="target"
        position={Position.Left}
        className={styles["socket"] ?? ""}
        style={{ background: wireColour(socket.type), top: ROW_HEIGHT / 2 }}
      />
      <span className={styles["label"]} data-required={socket.is_required === true}>
        {socketTitle(socket)}
      </span>
      {row.control === "none" ? null : <InputControl node={node} socket={socket} />}
    </div>
  );
}

function InputControl({ node, socket }: { node: GraphNode; socket: InputSocket }): ReactElement {
  const input = node.inputs[socket.name];
  const placeholder = usePlaceholder(node.id, socket);
  return (
    <div className={styles["control"]}>
      <Control
        socket={socket}
        value={input?.kind === "typed" ? input.value : undefined}
        placeholder={placeholder}
        label={socketTitle(socket)}
        onChange={(value) => {
          edit("edit.type", (document) => typeValue(document, node.id, socket.name, value));
        }}
      />
    </div>
  );
}

function OutputCell({ socket }: { readonly socket: OutputSocket }): ReactElement {
  return (
    <div className={styles["output"]} title={socket.description}>
      <span className={styles["label"]}>{socketTitle(socket)}</span>
      <Handle
        id={socket.name}
        type="source"
        position={Position.Right}
        className={styles["socket"] ?? ""}
        style={{ background: wireColour(socket.type), top: ROW_HEIGHT / 2 }}
      />
    </div>
  );
}

export function FoldRow({
  node,
  shape,
}: {
  readonly node: GraphNode;
  readonly shape: NodeShape;
}): ReactElement {
  const t = useTexts();
  return (
    <button
      type="button"
      className={`${styles["fold"]} nodrag`}
      style={{ top: shape.foldTop, height: ROW_HEIGHT }}
      aria-expanded={node.isUnfolded}
      onClick={() => {
        edit("edit.fold", (document) =>
          changeNode(document, node.id, { isUnfolded: !node.isUnfolded }),
        );
      }}
    >
      {node.isUnfolded ? (
        <ChevronUp size={12} aria-hidden="true" />
      ) : (
        <ChevronDown size={12} aria-hidden="true" />
      )}
      {node.isUnfolded ? t("canvas.fewer") : t("canvas.more", { count: shape.folded })}
    </button>
  );
}
