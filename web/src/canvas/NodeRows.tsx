import { ChevronDown, ChevronUp } from "lucide-react";
import type { ReactElement } from "react";
import { memo } from "react";
import { socketTitle } from "../catalogue/catalogue";
import type { InputSocket, OutputSocket } from "../catalogue/types";
import { changeNode, typeValue } from "../graph/edit";
import type { NodeShape, Row } from "../graph/geometry";
import { ROW_HEIGHT } from "../graph/geometry";
import type { GraphNode } from "../graph/model";
import { edit } from "../stores/document";
import { lookAt, lookAway } from "../stores/gesture";
import { useTexts } from "../texts/texts";
import { Control } from "../widgets/Control";
import styles from "./BlockNode.module.css";
import { MissingMark } from "./MissingMark";
import { useGiver, useInputLook, usePlaceholder } from "./sources";

interface RowProps {
  readonly node: GraphNode;
  readonly row: Row;
}

/** A line of a node: an input with its control, an output, or one of each. */
export const NodeRow = memo(function NodeRow({ node, row }: RowProps): ReactElement {
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
});

interface CellProps {
  readonly node: GraphNode;
  readonly socket: InputSocket;
  readonly row: Row;
}

function InputCell({ node, socket, row }: CellProps): ReactElement {
  const look = useInputLook(node, socket.name);
  return (
    <div
      className={styles["input"]}
      data-look={look}
      data-alone={row.output === null}
      title={socket.description}
      onPointerEnter={() => {
        lookAt(node.id, socket.name);
      }}
      onPointerLeave={lookAway}
    >
      <span className={styles["label"]} data-required={socket.is_required === true}>
        {socketTitle(socket)}
      </span>
      {row.control === "none" ? (
        <Giver node={node.id} socket={socket.name} />
      ) : (
        <InputControl node={node} socket={socket} />
      )}
      <MissingMark node={node.id} socket={socket.name} />
    </div>
  );
}

/** The node a value comes from along the main wire, where there is no control to say so. */
function Giver({ node, socket }: { node: string; socket: string }): ReactElement | null {
  const giver = useGiver(node, socket);
  return giver === "" ? null : <span className={styles["giver"]}>{`← ${giver}`}</span>;
}

function InputControl({ node, socket }: { node: GraphNode; socket: InputSocket }): ReactElement {
  const input = node.inputs[socket.name];
  const placeholder = usePlaceholder(node.id, socket);
  return (
    <div
      className={styles["control"]}
      onFocus={() => {
        lookAt(node.id, socket.name);
      }}
      onBlur={lookAway}
    >
      <Control
        socket={socket}
        value={input?.kind === "typed" ? input.value : undefined}
        placeholder={placeholder}
        label={socketTitle(socket)}
        node={node.id}
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
    </div>
  );
}

/** Folds the less used sockets in and out. */
export function FoldRow({
  node,
  shape,
}: {
  readonly node: GraphNode;
  readonly shape: NodeShape;
}): ReactElement {
  const t = useTexts();
  const Icon = node.isUnfolded ? ChevronUp : ChevronDown;
  return (
    <button
      type="button"
      className={`${styles["fold"]} nodrag`}
      style={{ top: shape.foldTop, height: ROW_HEIGHT }}
      aria-expanded={node.isUnfolded}
      onPointerEnter={() => {
        lookAt(node.id, "");
      }}
      onPointerLeave={lookAway}
      onClick={() => {
        edit("edit.fold", (document) =>
          changeNode(document, node.id, { isUnfolded: !node.isUnfolded }),
        );
      }}
    >
      <Icon size={12} aria-hidden="true" />
      {node.isUnfolded ? t("canvas.fewer") : t("canvas.more", { count: shape.folded })}
    </button>
  );
}
