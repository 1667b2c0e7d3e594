import type { NodeProps } from "@xyflow/react";
import { NodeResizer } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { putNote } from "../graph/edit";
import { edit } from "../stores/document";
import { useTexts } from "../texts/texts";
import styles from "./drawn.module.css";
import type { NoteFlowNode } from "./flow";
import { nodeNameId } from "./flow";

/** A text beside the nodes: dragged by its upper edge. */
export const NoteNode = memo(function NoteNode({
  data,
  selected,
}: NodeProps<NoteFlowNode>): ReactElement {
  const t = useTexts();
  const { note } = data;
  return (
    <div className={styles["note"]} data-note={note.id} data-selected={selected}>
      <NodeResizer
        isVisible={selected}
        minWidth={120}
        minHeight={60}
        handleClassName={styles["handle"] ?? ""}
        lineClassName={styles["line"] ?? ""}
        onResizeEnd={(_, { x, y, width, height }) => {
          edit("edit.resize", (document) => putNote(document, { ...note, x, y, width, height }));
        }}
      />
      <span id={nodeNameId(note.id)} className="visually-hidden">
        {t("note.name", { text: note.text })}
      </span>
      <div className={`${styles["grip"]} drag-handle`} aria-hidden="true" />
      <textarea
        className="nodrag nopan nowheel"
        aria-label={t("canvas.note")}
        placeholder={t("canvas.note")}
        key={note.text}
        defaultValue={note.text}
        onBlur={(event) => {
          const { value } = event.target;
          if (value !== note.text) {
            edit("edit.note", (document) => putNote(document, { ...note, text: value }));
          }
        }}
      />
    </div>
  );
});
