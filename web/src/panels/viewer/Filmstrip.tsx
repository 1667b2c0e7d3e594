import type { KeyboardEvent, ReactElement } from "react";
import { useEffect, useRef } from "react";
import styles from "./viewer.module.css";

interface Props {
  readonly label: string;
  readonly pictures: readonly { readonly src: string; readonly label: string }[];
  readonly current: number;
  readonly onChoose: (index: number) => void;
}

/** Several pictures side by side; one of them is shown. */
export function Filmstrip({ label, pictures, current, onChoose }: Props): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = current + step;
    if (step !== 0 && next >= 0 && next < pictures.length) {
      event.preventDefault();
      onChoose(next);
      (list.current?.children[next] as HTMLElement | undefined)?.focus();
    }
  };
  return (
    <div
      ref={list}
      className={styles["filmstrip"]}
      role="listbox"
      aria-label={label}
      aria-orientation="horizontal"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {pictures.map((picture, index) => (
        <button
          key={picture.label}
          type="button"
          role="option"
          aria-selected={index === current}
          aria-label={picture.label}
          title={picture.label}
          tabIndex={index === current ? 0 : -1}
          className={styles["frame"]}
          onClick={() => {
            onChoose(index);
          }}
        >
          <img src={picture.src} alt="" draggable={false} loading="lazy" />
          <span aria-hidden="true">{index + 1}</span>
        </button>
      ))}
    </div>
  );
}
