import { ViewportPortal } from "@xyflow/react";
import type { ReactElement } from "react";
import type { Place } from "../graph/edit";
import { frameOf } from "../graph/frames";
import { useCatalogue } from "../stores/catalogue";
import { useCheck } from "../stores/check";
import { useDocument } from "../stores/document";
import { useGesture, useLinkPointer } from "../stores/gesture";
import { wireColour } from "./colours";
import { typeOfEnd } from "./ends";
import { JoinOffer } from "./JoinOffer";
import styles from "./Overlay.module.css";
import { inheritedLines, placeOfEnd } from "./places";
import { wirePath } from "./wirePath";

const LABEL_RISE = 28;

/** Lines above the graph that are no part of it: a link being drawn, where values come from. */
export function Overlay(): ReactElement {
  return (
    <ViewportPortal>
      <svg className={styles["lines"]} aria-hidden="true">
        <GhostLines />
        <LeftBehind />
        <LooseWire />
      </svg>
      <JoinOffer />
    </ViewportPortal>
  );
}

/** The link being drawn, from its socket to the hand or to the socket it snaps to. */
function LooseWire(): ReactElement | null {
  const linking = useGesture((state) => state.linking);
  const target = useGesture((state) => state.target);
  const pointer = useLinkPointer((state) => state.place);
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  if (linking === null) {
    return null;
  }
  const { end } = linking;
  const start = placeOfEnd(document, end, catalogue);
  const snapped = target === null ? undefined : placeOfEnd(document, target.end, catalogue);
  if (start === undefined) {
    return null;
  }
  const loose = snapped ?? pointer;
  const [from, to] = end.side === "out" ? [start, loose] : [loose, start];
  const type = typeOfEnd(document, end, catalogue) ?? "ANY";
  return (
    <path
      d={wirePath(from, to)}
      className={styles["loose"]}
      style={{ ["--wire" as string]: wireColour(type) }}
      data-main={type === "PIPELINE"}
      data-refused={target !== null && !target.validity.isValid}
      data-snapped={target !== null && target.validity.isValid}
    />
  );
}

/** Where the value of an input that somebody looks at comes from, along the main wire. */
function GhostLines(): ReactElement | null {
  const looked = useGesture((state) => state.looked);
  const sources = useCheck((state) => state.answer?.nodes[looked?.node ?? ""]?.inputs);
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  if (looked === null || sources === undefined) {
    return null;
  }
  const lines = inheritedLines(document, looked.node, looked.input, sources, catalogue);
  const type = typeOfEnd(
    document,
    { node: looked.node, side: "in", socket: looked.input },
    catalogue,
  );
  return (
    <>
      {lines.map(({ key, from, to, names, isCertain }) => (
        <g
          key={key}
          className={styles["ghost"]}
          style={{ ["--wire" as string]: wireColour(type ?? "ANY") }}
          data-certain={isCertain}
        >
          <path d={wirePath(from, to)} />
          <circle cx={from.x} cy={from.y} r={5} />
          <text x={(from.x + to.x) / 2} y={labelTop(from, to)}>
            {names.slice(0, 2).join(", ")}
            {names.length > 2 ? ` +${names.length - 2}` : ""}
          </text>
        </g>
      ))}
    </>
  );
}

/** Above both ends, where no header is in the way. */
function labelTop(from: Place, to: Place): number {
  return Math.min(from.y, to.y) - LABEL_RISE;
}

/** The outlines of what a copy is being dragged from. */
function LeftBehind(): ReactElement {
  const ids = useGesture((state) => state.leftBehind);
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  return (
    <>
      {ids.map((id) => {
        const frame = frameOf(document, id, catalogue);
        return frame === undefined ? null : (
          <rect key={id} className={styles["left"]} rx={10} {...frameProps(frame)} />
        );
      })}
    </>
  );
}

function frameProps({
  x,
  y,
  width,
  height,
}: {
  x: number;
  y: number;
  width: number;
  height: number;
}): {
  x: number;
  y: number;
  width: number;
  height: number;
} {
  return { x, y, width, height };
}
