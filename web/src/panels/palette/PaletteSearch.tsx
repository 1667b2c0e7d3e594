import { Search } from "lucide-react";
import type { KeyboardEvent, ReactElement } from "react";
import { useId, useState } from "react";
import { typeText } from "../../canvas/wireWords";
import type { Fits } from "../../catalogue/search";
import type { NodeType } from "../../catalogue/types";
import { useTexts } from "../../texts/texts";
import { PaletteOptions } from "./PaletteOptions";
import styles from "./PaletteDialog.module.css";
import { TypeCard } from "./TypeCard";
import { usePaletteSearch } from "./usePaletteSearch";

const MOST_SHOWN = 80;
const PAGE = 8;

interface Props {
  readonly fits: Fits | undefined;
  readonly onPick: (type: NodeType) => void;
}

/** A field, what fits it, and a closer look at the one that Enter would take. */
export function PaletteSearch({ fits, onPick }: Props): ReactElement {
  const t = useTexts();
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = usePaletteSearch(text, fits);
  const shown = found.slice(0, MOST_SHOWN);
  const active = shown[Math.min(at, shown.length - 1)];
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const next = nextPlace(event.key, at, shown.length);
    if (next !== undefined) {
      event.preventDefault();
      setAt(next);
    } else if (event.key === "Enter" && active !== undefined) {
      event.preventDefault();
      onPick(active);
    }
  };
  return (
    <>
      <label className={styles["search"]}>
        <Search size={15} aria-hidden="true" />
        <input
          value={text}
          placeholder={fits === undefined ? t("palette.searchHint") : fitsText(fits, t)}
          role="combobox"
          aria-label={t("palette.search")}
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={active === undefined ? undefined : `${list}-${active.id}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
        />
      </label>
      <div className={styles["body"]}>
        {active === undefined ? (
          <p className={styles["none"]} role="status">
            {text.trim() === "" ? t("palette.noneFits") : t("palette.none", { text: text.trim() })}
          </p>
        ) : (
          <PaletteOptions
            id={list}
            types={shown}
            left={found.length - shown.length}
            active={active}
            onPoint={setAt}
            onPick={onPick}
          />
        )}
        <div className={styles["look"]}>
          {active === undefined ? null : <TypeCard type={active} />}
        </div>
      </div>
    </>
  );
}

function fitsText({ side, type }: Fits, t: ReturnType<typeof useTexts>): string {
  return t(side === "in" ? "palette.fitsIn" : "palette.fitsOut", { type: typeText(type) });
}

function nextPlace(key: string, at: number, count: number): number | undefined {
  const last = Math.max(count - 1, 0);
  switch (key) {
    case "ArrowDown":
      return at >= last ? 0 : at + 1;
    case "ArrowUp":
      return at <= 0 ? last : at - 1;
    case "PageDown":
      return Math.min(at + PAGE, last);
    case "PageUp":
      return Math.max(at - PAGE, 0);
    default:
      return undefined;
  }
}
