import type { LucideIcon } from "lucide-react";
import { ArrowDown, ArrowUp, Plus, Replace, RotateCcw, Trash2 } from "lucide-react";
import type { ReactElement } from "react";
import { chooseBlocks, removeFromPalette, saveInPalette } from "../../actions/blocks";
import type { NodeType } from "../../catalogue/types";
import type { ChosenBlock } from "../../graph/blocks";
import { freshName, partsOf } from "../../graph/blocks";
import { useCatalogue } from "../../stores/catalogue";
import { useOwnNodes } from "../../stores/ownNodes";
import { useTexts } from "../../texts/texts";
import { BlockPicker } from "./BlockPicker";
import styles from "./blocks.module.css";

interface Props {
  readonly node: string;
  readonly type: NodeType;
}

/** The blocks inside a loop or a sequence, to be put into another order, taken out and added. */
export function BlockList({ node, type }: Props): ReactElement {
  const t = useTexts();
  const blocks = (type.sub_blocks ?? []).map(({ name, type_id: id }) => ({ name, type: id }));
  const isChanged = type.kind === "loop" && partsOf(type.id)[1] !== undefined;
  const choose = (chosen: readonly ChosenBlock[]): void => {
    void chooseBlocks(node, chosen);
  };
  return (
    <section aria-label={t("info.blocks")}>
      <h3 className={styles["heading"]}>{t("info.blocks")}</h3>
      <ol className={styles["blocks"]}>
        {blocks.map((block, place) => (
          <BlockRow key={block.name} outer={type} blocks={blocks} place={place} onChoose={choose} />
        ))}
      </ol>
      <div className={styles["more"]}>
        <BlockPicker
          outer={type}
          label={t("blocks.add")}
          icon={Plus}
          isLabelled
          onPick={({ id, title }) => {
            choose([...blocks, { name: freshName(title, blocks), type: id }]);
          }}
        />
        {isChanged ? (
          <button
            type="button"
            className={styles["button"]}
            onClick={() => {
              void chooseBlocks(node, undefined);
            }}
          >
            <RotateCcw size={13} aria-hidden="true" />
            {t("blocks.reset")}
          </button>
        ) : null}
      </div>
      <Saved type={type} />
    </section>
  );
}

interface ListProps {
  readonly outer: NodeType;
  readonly blocks: readonly ChosenBlock[];
  readonly onChoose: (blocks: readonly ChosenBlock[]) => void;
}

function BlockRow({
  outer,
  blocks,
  place,
  onChoose,
}: ListProps & { readonly place: number }): ReactElement | null {
  const t = useTexts();
  const block = blocks[place];
  const title = useCatalogue(({ catalogue }) => catalogue.types.get(block?.type ?? "")?.title);
  if (block === undefined) {
    return null;
  }
  const { name } = block;
  const moved = (by: number): readonly ChosenBlock[] => {
    const others = blocks.filter((_, index) => index !== place);
    return [...others.slice(0, place + by), block, ...others.slice(place + by)];
  };
  return (
    <li className={styles["row"]}>
      <span className={styles["name"]}>
        <span>{name}</span>
        <span className={styles["dim"]}>{title ?? block.type}</span>
      </span>
      <BlockPicker
        outer={outer}
        label={t("blocks.replace", { name })}
        icon={Replace}
        onPick={(type) => {
          onChoose(blocks.map((one, index) => (index === place ? { name, type: type.id } : one)));
        }}
      />
      <Move
        label={t("blocks.up", { name })}
        isOff={place === 0}
        icon={ArrowUp}
        onMove={() => {
          onChoose(moved(-1));
        }}
      />
      <Move
        label={t("blocks.down", { name })}
        isOff={place === blocks.length - 1}
        icon={ArrowDown}
        onMove={() => {
          onChoose(moved(1));
        }}
      />
      <Move
        label={t("blocks.remove", { name })}
        isOff={blocks.length === 1}
        icon={Trash2}
        onMove={() => {
          onChoose(blocks.filter((_, index) => index !== place));
        }}
      />
    </li>
  );
}

interface MoveProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isOff: boolean;
  readonly onMove: () => void;
}

function Move({ label, icon: Icon, isOff, onMove }: MoveProps): ReactElement {
  return (
    <button
      type="button"
      className={styles["icon"]}
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onMove}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}

/** Putting a node with chosen blocks into the palette, and taking it out again. */
function Saved({ type }: { readonly type: NodeType }): ReactElement | null {
  const t = useTexts();
  const saved = useOwnNodes(({ nodes }) => nodes.find((node) => node.type === type.id)?.title);
  if (partsOf(type.id)[1] === undefined) {
    return null;
  }
  return (
    <div className={styles["more"]}>
      <button
        type="button"
        className={styles["button"]}
        onClick={() => {
          void (saved === undefined ? saveInPalette() : removeFromPalette(saved));
        }}
      >
        {saved === undefined ? t("edit.saveNode") : t("blocks.forget", { title: saved })}
      </button>
    </div>
  );
}
