import { ChevronDown, ChevronRight } from "lucide-react";
import type { KeyboardEvent, ReactElement } from "react";
import { addNodeInView } from "../../actions/add";
import { familyHue } from "../../canvas/colours";
import { RoleIcon } from "../../canvas/RoleIcon";
import { toggleFolder } from "../../stores/palette";
import { hasText, useTexts } from "../../texts/texts";
import { startDrag } from "./drag";
import { FavouriteButton } from "./FavouriteButton";
import { categoryName } from "./names";
import styles from "./NodesPanel.module.css";
import { PreviewCard } from "./PreviewCard";
import type { Row } from "./tree";

interface Props<R extends Row> {
  readonly row: R;
  readonly tabIndex: number;
  readonly onFocus: () => void;
}

export function TreeRow({ row, ...rest }: Props<Row>): ReactElement {
  const t = useTexts();
  if (row.kind === "type") {
    return <TypeRow row={row} {...rest} />;
  }
  return (
    <>
      {row.startsFamilies ? (
        <p className={styles["heading"]} role="presentation">
          {t("palette.families")}
        </p>
      ) : null}
      <FolderRow row={row} {...rest} />
    </>
  );
}

function FolderRow({
  row,
  tabIndex,
  onFocus,
}: Props<Extract<Row, { kind: "folder" }>>): ReactElement {
  const t = useTexts();
  const key = `palette.${row.name}`;
  const name = row.path.startsWith(":") && hasText(key) ? t(key) : categoryName(row.name, t);
  const Arrow = row.isOpen ? ChevronDown : ChevronRight;
  const isFamily = row.level === 1 && (row.sample?.family ?? "") !== "";
  const hue = row.sample === undefined ? 0 : familyHue(row.sample);
  return (
    <div
      className={styles["folder"]}
      style={{ ["--level" as string]: row.level, ["--hue" as string]: hue }}
      role="treeitem"
      tabIndex={tabIndex}
      aria-expanded={row.isOpen}
      aria-level={row.level}
      aria-selected={false}
      data-row={row.path}
      onClick={() => {
        toggleFolder(row.path);
      }}
      onKeyDown={onPress(() => {
        toggleFolder(row.path);
      })}
      onFocus={onFocus}
    >
      <Arrow size={13} aria-hidden="true" />
      {isFamily ? <span className={styles["swatch"]} aria-hidden="true" /> : null}
      <span className={styles["folderName"]}>{name}</span>
      <span className={styles["folderCount"]} aria-hidden="true">
        {row.count}
      </span>
    </div>
  );
}

function TypeRow({ row, tabIndex, onFocus }: Props<Extract<Row, { kind: "type" }>>): ReactElement {
  const { type } = row;
  const add = (): void => {
    addNodeInView(type.id);
  };
  return (
    <PreviewCard type={type}>
      <div
        className={styles["entry"]}
        style={{ ["--level" as string]: row.level, ["--hue" as string]: familyHue(type) }}
        role="treeitem"
        tabIndex={tabIndex}
        aria-label={type.title}
        aria-level={row.level}
        aria-selected={false}
        data-row={row.path}
        data-type={type.id}
        onPointerDown={(event) => {
          startDrag(event.nativeEvent, type);
        }}
        onClick={add}
        onKeyDown={onPress(add)}
        onFocus={onFocus}
      >
        <span className={styles["type"]}>
          <RoleIcon type={type} />
          <span className={styles["typeTitle"]}>{type.title}</span>
        </span>
        <FavouriteButton type={type} tabIndex={-1} />
      </div>
    </PreviewCard>
  );
}

/** Enter and space do what a click does, on the row itself alone. */
function onPress(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target === event.currentTarget) {
      event.preventDefault();
      act();
    }
  };
}
