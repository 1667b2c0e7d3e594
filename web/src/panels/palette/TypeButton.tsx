import type { KeyboardEvent, ReactElement } from "react";
import { addNodeInView } from "../../actions/add";
import { familyHue } from "../../canvas/colours";
import { RoleIcon } from "../../canvas/RoleIcon";
import type { NodeType } from "../../catalogue/types";
import { useTexts } from "../../texts/texts";
import { startDrag } from "./drag";
import { FavouriteButton } from "./FavouriteButton";
import { categoryPath } from "./names";
import styles from "./NodesPanel.module.css";
import { PreviewCard } from "./PreviewCard";

/** A node type that was found: click it to add a node, drag it to where the node goes. */
export function TypeButton({ type }: { readonly type: NodeType }): ReactElement {
  const t = useTexts();
  return (
    <PreviewCard type={type}>
      <div className={styles["entry"]} style={{ ["--hue" as string]: familyHue(type) }}>
        <button
          type="button"
          className={styles["type"]}
          data-type={type.id}
          onPointerDown={(event) => {
            startDrag(event.nativeEvent, type);
          }}
          onClick={() => addNodeInView(type.id)}
          onKeyDown={goToNext}
        >
          <RoleIcon type={type} />
          <span className={styles["typeTitle"]}>{type.title}</span>
          <span className={styles["typePath"]}>{categoryPath(type, t)}</span>
        </button>
        <FavouriteButton type={type} />
      </div>
    </PreviewCard>
  );
}

/** Up and down go from one entry to the next. */
function goToNext(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step !== 0) {
    event.preventDefault();
    const list = event.currentTarget.closest("ul");
    const buttons = [...(list?.querySelectorAll<HTMLElement>("[data-type]") ?? [])];
    buttons[buttons.indexOf(event.currentTarget) + step]?.focus();
  }
}
