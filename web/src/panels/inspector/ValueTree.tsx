import { ChevronRight } from "lucide-react";
import type { KeyboardEvent, ReactElement } from "react";
import { useRef, useState } from "react";
import type { ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { openViewer } from "../../stores/viewer";
import { useTexts } from "../../texts/texts";
import styles from "./details.module.css";
import { Thumbnail } from "./Thumbnail";
import type { TreeRow } from "./tree";
import { keyInTree, rowsOf } from "./tree";
import { isDrawable } from "./values";
import { summaryText } from "./words";

interface Props {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
}

/** The values inside a list, a dict or an object. */
export function ValueTree({ place, summary }: Props): ReactElement {
  const t = useTexts();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const rows = rowsOf(summary, open);
  const focused = rows.some(({ id }) => id === current) ? current : (rows[0]?.id ?? "");

  const toggle = (id: string): void => {
    const next = new Set(open);
    if (!next.delete(id)) {
      next.add(id);
    }
    setOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = keyInTree(rows, focused, event.key);
    if (move === null) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if ("toggle" in move) {
      toggle(move.toggle);
      return;
    }
    setCurrent(move.focus);
    const index = rows.findIndex(({ id }) => id === move.focus);
    (list.current?.children[index] as HTMLElement | undefined)?.focus();
  };
  const left = summary.left_out ?? 0;
  return (
    <>
      <ul
        ref={list}
        className={styles["tree"]}
        role="tree"
        aria-label={t("details.tree", { name: place.name })}
        onKeyDown={onKeyDown}
      >
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            place={{ ...place, item: [...(place.item ?? []), ...row.path] }}
            isFocused={row.id === focused}
            onToggle={() => {
              setCurrent(row.id);
              toggle(row.id);
            }}
          />
        ))}
      </ul>
      {left === 0 ? null : (
        <p className={styles["leftOut"]}>{t("value.moreItems", { count: left })}</p>
      )}
    </>
  );
}

interface RowProps {
  readonly row: TreeRow;
  readonly place: ValuePlace;
  readonly isFocused: boolean;
  readonly onToggle: () => void;
}

function Row({ row, place, isFocused, onToggle }: RowProps): ReactElement {
  const t = useTexts();
  const text = summaryText(row.summary, t);
  const canDraw = isDrawable(row.summary);
  const act = canDraw
    ? () => {
        openViewer(place, row.summary);
      }
    : row.hasInside
      ? onToggle
      : undefined;
  return (
    <li
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={row.hasInside ? row.isOpen : undefined}
      aria-selected={isFocused}
      tabIndex={isFocused ? 0 : -1}
      style={{ paddingLeft: 4 + row.depth * 14 }}
      onClick={act}
      onKeyDown={(event) => {
        if (canDraw && event.key === "Enter") {
          event.stopPropagation();
          act?.();
        }
      }}
    >
      <ChevronRight
        size={12}
        aria-hidden="true"
        className={styles["chevron"]}
        data-open={row.isOpen}
        data-hidden={!row.hasInside}
      />
      <span className={styles["treeName"]}>{row.name}</span>
      <span className={styles["treeText"]} title={text}>
        {text}
      </span>
      {canDraw ? (
        <span className={styles["treePicture"]}>
          <Thumbnail place={place} size={64} label="" />
        </span>
      ) : null}
    </li>
  );
}
