import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import { takeFiles } from "../../actions/drop";
import { placeAt } from "../../stores/view";
import { useTexts } from "../../texts/texts";
import styles from "./DropZone.module.css";

/** Files may be dropped anywhere on the page; what takes them itself stops the event before. */
export function DropZone(): ReactElement | null {
  const t = useTexts();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") === true;
    const onOver = (event: DragEvent): void => {
      if (hasFiles(event)) {
        event.preventDefault();
        setOver(true);
      }
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) {
        setOver(false);
      }
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (hasFiles(event) && !event.defaultPrevented) {
        event.preventDefault();
        const place = placeAt({ x: event.clientX, y: event.clientY });
        void takeFiles([...(event.dataTransfer?.files ?? [])], place);
      }
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, []);
  return isOver ? <div className={styles["zone"]}>{t("drop.here")}</div> : null;
}
