import type { LucideIcon } from "lucide-react";
import { Popover } from "radix-ui";
import type { KeyboardEvent, ReactElement } from "react";
import { useId, useMemo, useState } from "react";
import type { Catalogue } from "../../catalogue/catalogue";
import { listedTypes } from "../../catalogue/catalogue";
import type { NodeType } from "../../catalogue/types";
import { mayStandInside } from "../../graph/blocks";
import { useCatalogue } from "../../stores/catalogue";
import { useTexts } from "../../texts/texts";
import { OptionList, optionId } from "../../widgets/OptionList";
import type { Option } from "../../widgets/options";
import { matching, nextIndex } from "../../widgets/options";
import listStyles from "../../widgets/options.module.css";
import styles from "./blocks.module.css";

interface Props {
  /** The loop or sequence the block is for. */
  readonly outer: NodeType;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isLabelled?: boolean;
  readonly onPick: (type: NodeType) => void;
}

/** A button that opens a list of the blocks that fit, with a search field. */
export function BlockPicker({ label, icon: Icon, isLabelled, ...props }: Props): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        className={styles[isLabelled === true ? "button" : "icon"]}
        aria-label={label}
        title={label}
      >
        <Icon size={14} aria-hidden="true" />
        {isLabelled === true ? label : null}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={listStyles["popover"]} align="end" sideOffset={4}>
          <Search
            {...props}
            label={label}
            onPick={(type) => {
              setOpen(false);
              props.onPick(type);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Search({ outer, label, onPick }: Omit<Props, "icon" | "isLabelled">): ReactElement {
  const t = useTexts();
  const list = useId();
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const catalogue = useCatalogue((state) => state.catalogue);
  const fitting = useMemo(() => optionsFor(outer, catalogue), [outer, catalogue]);
  const found = matching(fitting, search);
  const pick = (option: Option | undefined): void => {
    const type = fitting.find(({ text }) => text === option?.text)?.type;
    if (type !== undefined) {
      onPick(type);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextIndex(event.key, active, found.length);
    if (next !== undefined) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(found[active]);
    }
  };
  return (
    <>
      <input
        className={listStyles["search"]}
        role="combobox"
        aria-label={t("blocks.search")}
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found.length > 0 ? optionId(list, active) : undefined}
        placeholder={t("control.searchHint")}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <OptionList
        id={list}
        label={label}
        options={found}
        active={active}
        chosen=""
        none={t("blocks.none")}
        onPick={pick}
      />
    </>
  );
}

/** The blocks that fit, those of the same family first; each with a text of its own. */
function optionsFor(
  outer: NodeType,
  catalogue: Catalogue,
): readonly (Option & { readonly type: NodeType })[] {
  const types = listedTypes(catalogue).filter((type) => mayStandInside(type, outer));
  const isNear = ({ family }: NodeType): boolean => family === outer.family;
  const sorted = [...types.filter(isNear), ...types.filter((type) => !isNear(type))];
  const taken = new Set<string>();
  return sorted.map((type) => {
    const [hint = ""] = type.category;
    const isTaken = taken.has(`${type.title} ${hint}`);
    taken.add(`${type.title} ${hint}`);
    const text = isTaken || !isNear(type) ? `${type.title} (${type.id})` : type.title;
    return { text, hint, type };
  });
}
