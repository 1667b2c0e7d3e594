import type { NodeProps } from "@xyflow/react";
import type { ReactElement } from "react";
import { memo } from "react";
import { putNote } from "../graph/edit";
import { edit } from "../stores/document";
import { useTexts } from "../texts/texts";
import type { NoteFlowNode } from "./flow";
import styles from "./drawn.module.css";

/** A text beside the nodes. */
export const NoteNode = memo(function NoteNode({
  data,
  selected,
}: NodeProps<NoteFlowNode>): ReactElement {
  const t = useTexts();
  const { note } = data;
  return (
    <div className={styles["note"]} data-selected={selected}>
      <textarea
        className="nodrag nowheel"
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
