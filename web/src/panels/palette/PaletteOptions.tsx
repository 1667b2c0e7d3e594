import { Star } from "lucide-react";
import type { ReactElement } from "react";
import { useEffect } from "react";
import { familyHue } from "../../canvas/colours";
import { RoleIcon } from "../../canvas/RoleIcon";
import type { NodeType } from "../../catalogue/types";
import { usePalette } from "../../stores/palette";
import { useTexts } from "../../texts/texts";
import { categoryPath } from "./names";
import styles from "./PaletteDialog.module.css";

interface Props {
  readonly id: string;
  readonly types: readonly NodeType[];
  /** How many more would fit. */
  readonly left: number;
  readonly active: NodeType;
  readonly onPoint: (place: number) => void;
  readonly onPick: (type: NodeType) => void;
}

/** What fits, best first; the field above keeps the focus. */
export function PaletteOptions({ id, types, left, active, ...on }: Props): ReactElement {
  const t = useTexts();
  const activeId = `${id}-${active.id}`;
  useEffect(() => {
    document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);
  return (
    <div className={styles["list"]}>
      <div id={id} role="listbox" aria-label={t("palette.title")}>
        {types.map((type, place) => (
          <Option
            key={type.id}
            id={`${id}-${type.id}`}
            type={type}
            isActive={type === active}
            onPoint={() => {
              on.onPoint(place);
            }}
            onPick={() => {
              on.onPick(type);
            }}
          />
        ))}
      </div>
      {left > 0 ? <p className={styles["left"]}>{t("palette.left", { count: left })}</p> : null}
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly type: NodeType;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onPick: () => void;
}

function Option({ id, type, isActive, onPoint, onPick }: OptionProps): ReactElement {
  const t = useTexts();
  const isFavourite = usePalette((state) => state.favourites.includes(type.id));
  return (
    <div
      id={id}
      className={styles["option"]}
      style={{ ["--hue" as string]: familyHue(type) }}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onPointerMove={isActive ? undefined : onPoint}
      onClick={onPick}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          onPick();
        }
      }}
    >
      <RoleIcon type={type} />
      <span className={styles["optionTitle"]}>{type.title}</span>
      {isFavourite ? <Star size={11} className={styles["star"]} aria-hidden="true" /> : null}
      <span className={styles["optionPath"]}>{categoryPath(type, t)}</span>
    </div>
  );
}
