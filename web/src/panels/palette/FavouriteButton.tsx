import { Star } from "lucide-react";
import type { ReactElement } from "react";
import type { NodeType } from "../../catalogue/types";
import { toggleFavourite, usePalette } from "../../stores/palette";
import { useTexts } from "../../texts/texts";
import styles from "./NodesPanel.module.css";

interface Props {
  readonly type: NodeType;
  readonly tabIndex?: number;
}

export function FavouriteButton({ type, tabIndex = 0 }: Props): ReactElement {
  const t = useTexts();
  const isFavourite = usePalette((state) => state.favourites.includes(type.id));
  const label = isFavourite ? t("palette.unstar") : t("palette.star");
  return (
    <button
      type="button"
      className={styles["star"]}
      tabIndex={tabIndex}
      aria-pressed={isFavourite}
      aria-label={`${label}: ${type.title}`}
      title={label}
      onPointerDown={(event) => {
        event.stopPropagation();
      }}
      onClick={(event) => {
        event.stopPropagation();
        toggleFavourite(type.id);
      }}
    >
      <Star size={13} aria-hidden="true" />
    </button>
  );
}
