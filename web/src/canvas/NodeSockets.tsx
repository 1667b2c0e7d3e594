import type { ReactElement } from "react";
import { memo } from "react";
import { inputOf, outputOf, socketTitle } from "../catalogue/catalogue";
import { usedOutputs } from "../graph/frames";
import type { NodeShape } from "../graph/geometry";
import { socketPlace } from "../graph/geometry";
import type { GraphNode } from "../graph/model";
import { MAIN_WIRE } from "../graph/model";
import { useCatalogue } from "../stores/catalogue";
import { useDocument } from "../stores/document";
import { useTexts } from "../texts/texts";
import styles from "./BlockNode.module.css";
import { wireColour } from "./colours";
import type { DrawnSocket } from "./flow";
import { MAIN_SOCKET, SOCKET, socketsOf } from "./flow";
import { Socket } from "./Socket";
import { useInputLook, useOrigin, useSocketProblem } from "./sources";
import { typeText } from "./wireWords";

interface Props {
  readonly node: GraphNode;
  readonly shape: NodeShape;
  /** From afar sockets are only places where wires end. */
  readonly isCard: boolean;
}

/** All sockets of a node, each exactly where the wires are told that it is. */
export const NodeSockets = memo(function NodeSockets({ node, shape, isCard }: Props): ReactElement {
  const isPlain = isCard || node.isCollapsed;
  return (
    <>
      {socketsOf(node, shape).map((socket) => {
        const key = `${socket.side} ${socket.name}`;
        if (isCard || (isPlain && socket.name !== MAIN_WIRE)) {
          return <WireStub key={key} socket={socket} shape={shape} />;
        }
        return socket.side === "in" ? (
          <InputSocket key={key} node={node} shape={shape} name={socket.name} />
        ) : (
          <OutputSocket key={key} node={node} shape={shape} name={socket.name} />
        );
      })}
    </>
  );
});

interface SocketProps {
  readonly node: GraphNode;
  readonly shape: NodeShape;
  readonly name: string;
}

function InputSocket({ node, shape, name }: SocketProps): ReactElement {
  const t = useTexts();
  const socket = useCatalogue((state) => inputOf(state.catalogue.types.get(node.type), name));
  const look = useInputLook(node, name);
  const origin = useOrigin(node.id, name);
  const problem = useSocketProblem(node.id, name);
  const type = socket?.type ?? "ANY";
  const title = name === MAIN_WIRE ? t("socket.mainIn") : socketTitle(socket ?? { name });
  const words = [
    title,
    ...(name === MAIN_WIRE ? [] : [typeText(type)]),
    problem === undefined || problem.is_warning ? origin : t("origin.missing"),
  ];
  return (
    <Socket
      node={node.id}
      side="in"
      name={name}
      type={type}
      place={socketPlace(shape, "in", name)}
      look={look}
      label={words.join(", ")}
    />
  );
}

function OutputSocket({ node, shape, name }: SocketProps): ReactElement {
  const t = useTexts();
  const socket = useCatalogue((state) => outputOf(state.catalogue.types.get(node.type), name));
  const isLinked = useDocument(
    (state) => usedOutputs(state.document).get(node.id)?.has(name) === true,
  );
  const type = socket?.type ?? "ANY";
  const isMain = name === MAIN_WIRE;
  const title = isMain ? t("socket.mainOut") : socketTitle(socket ?? { name });
  const words = [
    title,
    ...(isMain ? [] : [typeText(type), t("socket.output")]),
    ...(isLinked ? [t("socket.linked")] : []),
  ];
  return (
    <Socket
      node={node.id}
      side="out"
      name={name}
      type={type}
      place={socketPlace(shape, "out", name)}
      look={isLinked ? "linked" : "open"}
      label={words.join(", ")}
    />
  );
}

/** Where a wire ends: seen, but not to be grasped. */
function WireStub({ socket, shape }: { socket: DrawnSocket; shape: NodeShape }): ReactElement {
  const { side, name } = socket;
  const { x, y } = socketPlace(shape, side, name);
  const { width, height } = name === MAIN_WIRE ? MAIN_SOCKET : { width: SOCKET, height: SOCKET };
  return (
    <span
      className={`${styles["stub"]} ${side === "in" ? "target" : "source"}`}
      style={{
        left: x - width / 2,
        top: y - height / 2,
        width,
        height,
        background: wireColour(name === MAIN_WIRE ? "PIPELINE" : "ANY"),
      }}
      data-handleid={name}
      data-handlepos={side === "in" ? "left" : "right"}
    />
  );
}
