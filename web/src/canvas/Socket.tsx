import type { PointerEvent, ReactElement } from "react";
import { memo, useRef } from "react";
import type { Place } from "../graph/edit";
import { MAIN_WIRE } from "../graph/model";
import { lookAt, lookAway, useGesture } from "../stores/gesture";
import { openDialog } from "../stores/interface";
import { wireColour } from "./colours";
import type { WireEnd } from "./ends";
import { endKey } from "./ends";
import { MAIN_SOCKET, SOCKET } from "./flow";
import { startLinkDrag } from "./linkDrag";
import styles from "./Socket.module.css";
import type { SocketLook } from "./sources";

interface Props {
  readonly node: string;
  readonly side: "in" | "out";
  readonly name: string;
  readonly type: string;
  readonly place: Place;
  readonly look: SocketLook;
  /** The name for screen readers, with where its value comes from. */
  readonly label: string;
}

/** A socket: links are drawn from it by dragging, or chosen from a list by keyboard and finger. */
export const Socket = memo(function Socket(props: Props): ReactElement {
  const { node, side, name, type, place, look, label } = props;
  const end: WireEnd = { node, side, socket: name };
  const key = endKey(end);
  const fit = useGesture(({ linking }) =>
    linking === null ? "" : linking.fitting.has(key) ? "fits" : "not",
  );
  const isTarget = useGesture(({ target }) => target !== null && endKey(target.end) === key);
  const pointer = useRef("");
  const isMain = name === MAIN_WIRE;
  const { width, height } = isMain ? MAIN_SOCKET : { width: SOCKET, height: SOCKET };
  return (
    <button
      type="button"
      className={`${styles["socket"]} ${side === "in" ? "target" : "source"} nodrag nopan`}
      style={{
        left: place.x - width / 2,
        top: place.y - height / 2,
        width,
        height,
        ["--socket" as string]: wireColour(type),
      }}
      data-handleid={name}
      data-handlepos={side === "in" ? "left" : "right"}
      data-look={look}
      data-main={isMain}
      data-fit={fit}
      data-target={isTarget}
      aria-label={label}
      onPointerDown={(event: PointerEvent) => {
        pointer.current = event.pointerType;
        if (event.button === 0 && event.isPrimary) {
          startLinkDrag(event.nativeEvent, end);
        }
      }}
      onClick={(event) => {
        event.stopPropagation();
        if (event.detail === 0 || pointer.current === "touch") {
          openDialog("link", end);
        }
      }}
      onPointerEnter={
        side === "in"
          ? () => {
              lookAt(node, isMain ? "" : name);
            }
          : undefined
      }
      onPointerLeave={side === "in" ? lookAway : undefined}
      onFocus={
        side === "in"
          ? () => {
              lookAt(node, isMain ? "" : name);
            }
          : undefined
      }
      onBlur={side === "in" ? lookAway : undefined}
    />
  );
});
