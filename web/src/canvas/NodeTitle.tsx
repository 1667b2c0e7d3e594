import type { ReactElement } from "react";
import { useEffect, useRef } from "react";
import { rename } from "../graph/edit";
import { edit } from "../stores/document";
import { startRenaming, stopRenaming, useGesture } from "../stores/gesture";
import styles from "./NodeTitle.module.css";

interface Props {
  readonly id: string;
  readonly title: string;
  /** What stands there while the title is empty. */
  readonly placeholder: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** The title of a node or group; written in place after a double click, or F2. */
export function NodeTitle({ id, title, placeholder, label, hint }: Props): ReactElement {
  const isRenaming = useGesture((state) => state.renaming === id);
  if (isRenaming) {
    return <TitleField id={id} title={title} placeholder={placeholder} label={label} />;
  }
  return (
    <h2
      className={styles["title"]}
      title={hint}
      onDoubleClick={(event) => {
        event.stopPropagation();
        startRenaming(id);
      }}
    >
      {title === "" ? placeholder : title}
    </h2>
  );
}

function TitleField({ id, title, placeholder, label }: Props): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  const isDropped = useRef(false);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  const commit = (): void => {
    const written = field.current?.value.trim() ?? "";
    stopRenaming();
    if (!isDropped.current) {
      const next = written === placeholder ? "" : written;
      edit("edit.rename", (document) => rename(document, id, next));
    }
  };
  return (
    <input
      ref={field}
      className={`${styles["field"]} nodrag nopan nokey`}
      aria-label={label}
      defaultValue={title === "" ? placeholder : title}
      placeholder={placeholder}
      spellCheck={false}
      onBlur={commit}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter" || event.key === "Escape") {
          isDropped.current = event.key === "Escape";
          event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus();
        }
      }}
    />
  );
}
