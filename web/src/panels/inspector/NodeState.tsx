import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactElement } from "react";
import type { BlockState, ValueSummary, WrittenValue } from "../../protocol/blockStates";
import type { GraphNode } from "../../graph/model";
import { isStateShown, showTab, toggleStatesOf, useInspect } from "../../stores/inspect";
import { select, useInterface } from "../../stores/interface";
import { openViewer } from "../../stores/viewer";
import type { Translate } from "../../texts/texts";
import { useTexts } from "../../texts/texts";
import { Mark } from "./Mark";
import styles from "./NodeState.module.css";
import { Thumbnail } from "./Thumbnail";
import type { ShownState } from "./useStates";
import { useNodeState } from "./useStates";
import { inOrderOfInterest, mainValue, markOf } from "./values";
import { shapeText, summaryText } from "./words";

const MOST = 4;
const SIZE = 192;

/** On a node that has run: what it wrote, in a few lines. */
export function NodeState({ node }: { readonly node: GraphNode }): ReactElement | null {
  const t = useTexts();
  const isOpen = useInspect((state) => isStateShown(state, node.id));
  const shown = useNodeState(isOpen ? node.id : "");
  if (isOpen && isEmpty(shown)) {
    return null;
  }
  return (
    <div className={styles["strip"]} data-open={isOpen}>
      <button
        type="button"
        className={`${styles["toggle"]} nodrag`}
        aria-expanded={isOpen}
        aria-label={t(isOpen ? "state.fold" : "state.unfold")}
        onClick={() => {
          toggleStatesOf([node.id]);
        }}
      >
        {isOpen ? (
          <ChevronDown size={12} aria-hidden="true" />
        ) : (
          <ChevronRight size={12} aria-hidden="true" />
        )}
        {t("state.title")}
      </button>
      {isOpen ? <Strip shown={shown} /> : null}
    </div>
  );
}

/** A node that only reads, such as one that saves a picture, has nothing to show here. */
function isEmpty({ state }: ShownState): boolean {
  return (
    state?.status === "here" &&
    state.value.written.length === 0 &&
    state.value.components.length === 0
  );
}

function Strip({ shown }: { readonly shown: ShownState }): ReactElement {
  const t = useTexts();
  const { job, state, before, isEarlier } = shown;
  if (state === undefined || state.status === "asking") {
    return <p className={styles["note"]}>{t("state.loading")}</p>;
  }
  if (state.status !== "here") {
    return <p className={styles["note"]}>{t("state.goneShort")}</p>;
  }
  return <Written state={state.value} before={before} job={job} isEarlier={isEarlier} />;
}

interface Props {
  readonly state: BlockState;
  readonly before: BlockState | undefined;
  readonly job: string;
  readonly isEarlier: boolean;
}

function Written({ state, before, job, isEarlier }: Props): ReactElement {
  const t = useTexts();
  const values = inOrderOfInterest(state, before);
  const main = mainValue(state);
  const left = values.length - MOST;
  const open = (): void => {
    select([state.node_id]);
    showTab("values");
    useInterface.setState({ isInspectorOpen: true });
  };
  if (values.length === 0) {
    const { components } = state;
    return <p className={styles["note"]}>{t("values.sets", { names: components.join(", ") })}</p>;
  }
  return (
    <div className={styles["body"]} data-earlier={isEarlier}>
      {main === undefined ? null : <MainThumbnail value={main} state={state} job={job} />}
      <ul className={styles["values"]}>
        {values.slice(0, MOST).map((value) => (
          <li key={value.name} title={value.name}>
            <Mark mark={markOf(value, before?.written)} />
            <span className={styles["name"]}>{value.name}</span>
            <span className={styles["text"]}>{shortText(value.value, main !== undefined, t)}</span>
          </li>
        ))}
        {left <= 0 ? null : (
          <li>
            <button
              type="button"
              className={`${styles["more"]} nodrag`}
              title={t("inspector.open")}
              onClick={open}
            >
              {t("state.more", { count: left })}
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

/** Beside a picture there is room for little. */
function shortText(value: ValueSummary | null, isNarrow: boolean, t: Translate): string {
  if (value === null) {
    return t("value.notKept");
  }
  return isNarrow && value.shape !== undefined && value.dtype !== undefined
    ? shapeText(value.shape)
    : summaryText(value, t);
}

function MainThumbnail({
  value,
  state,
  job,
}: {
  readonly value: WrittenValue;
  readonly state: BlockState;
  readonly job: string;
}): ReactElement {
  const t = useTexts();
  const place = { job, node: state.node_id, name: value.name, side: "written" } as const;
  return (
    <button
      type="button"
      className={`${styles["picture"]} nodrag`}
      aria-label={`${t("details.open")}: ${value.name}`}
      title={t("details.open")}
      onClick={() => {
        if (value.value !== null) {
          openViewer(place, value.value);
        }
      }}
    >
      <Thumbnail place={place} size={SIZE} label={value.name} />
    </button>
  );
}
