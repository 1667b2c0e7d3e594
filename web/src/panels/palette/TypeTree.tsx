import type { KeyboardEvent, ReactElement } from "react";
import { useMemo, useRef, useState } from "react";
import { useCatalogue } from "../../stores/catalogue";
import { toggleFavourite, toggleFolder, usePalette } from "../../stores/palette";
import { useTexts } from "../../texts/texts";
import styles from "./NodesPanel.module.css";
import { nextRow } from "./treeKeys";
import { makeFolders, rowsOf } from "./tree";
import { TreeRow } from "./TreeRow";

/** Families as a tree; what lies in closed folders is not there at all. */
export function TypeTree(): ReactElement {
  const t = useTexts();
  const tree = useRef<HTMLDivElement>(null);
  const catalogue = useCatalogue((state) => state.catalogue);
  const kept = usePalette();
  const folders = useMemo(() => makeFolders(catalogue), [catalogue]);
  const rows = useMemo(() => rowsOf(folders, catalogue, kept), [folders, catalogue, kept]);
  const [focused, setFocused] = useState("");
  const place = Math.max(
    rows.findIndex(({ path }) => path === focused),
    0,
  );

  const goTo = (index: number): void => {
    const row = rows[index];
    if (row !== undefined) {
      setFocused(row.path);
      const found = tree.current?.querySelector<HTMLElement>(
        `[data-row="${CSS.escape(row.path)}"]`,
      );
      found?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const answer = nextRow(rows, place, event.key);
    const row = rows[place];
    if (answer === undefined || row === undefined) {
      return;
    }
    event.preventDefault();
    if (answer.kind === "go") {
      goTo(answer.index);
    } else if (answer.kind === "toggle") {
      toggleFolder(row.path);
    } else if (row.kind === "type") {
      toggleFavourite(row.type.id);
    }
  };
  return (
    <div
      ref={tree}
      className={styles["tree"]}
      role="tree"
      tabIndex={-1}
      aria-label={t("palette.tree")}
      onKeyDown={onKeyDown}
    >
      {rows.map((row, index) => (
        <TreeRow
          key={row.path}
          row={row}
          tabIndex={index === place ? 0 : -1}
          onFocus={() => {
            setFocused(row.path);
          }}
        />
      ))}
    </div>
  );
}
