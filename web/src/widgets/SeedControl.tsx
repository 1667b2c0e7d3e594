import { Dices, Lock, Shuffle } from "lucide-react";
import type { ReactElement } from "react";
import { randomSeed, seedModeOf, setSeedMode } from "../graph/freshSeeds";
import { edit, useDocument } from "../stores/document";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { NumberField } from "./NumberControl";
import { Unset } from "./Unset";

/** A seed: typed, drawn now, or drawn anew for each run. */
export function SeedControl(props: ControlProps): ReactElement {
  const t = useTexts();
  const { socket, label, node, onChange, isDisabled } = props;
  const placeholder = props.placeholder === "" ? t("control.anySeed") : props.placeholder;
  const shared = { ...props, placeholder };
  return (
    <span className={styles["row"]}>
      <span className={styles["frame"]} data-side="start">
        <NumberField {...shared} isDragged={false} />
        <Unset {...shared} />
      </span>
      <button
        type="button"
        className={`${styles["small"]} nodrag`}
        disabled={isDisabled === true}
        aria-label={t("control.drawSeed", { name: label })}
        title={t("control.drawSeed", { name: label })}
        onClick={() => {
          onChange(randomSeed(socket));
        }}
      >
        <Dices size={13} aria-hidden="true" />
      </button>
      {node === undefined ? null : <SeedMode node={node} isDisabled={isDisabled === true} />}
    </span>
  );
}

function SeedMode({ node, isDisabled }: { node: string; isDisabled: boolean }): ReactElement {
  const t = useTexts();
  const mode = useDocument(({ document }) => {
    const found = document.nodes[node];
    return found === undefined ? "keep" : seedModeOf(found);
  });
  const Icon = mode === "new" ? Shuffle : Lock;
  const name = t(mode === "new" ? "control.newSeed" : "control.keepSeed");
  return (
    <button
      type="button"
      role="switch"
      className={`${styles["small"]} nodrag`}
      disabled={isDisabled}
      aria-checked={mode === "new"}
      aria-label={t("control.newSeedEachRun")}
      title={name}
      onClick={() => {
        const next = mode === "new" ? "keep" : "new";
        edit("edit.seedMode", (document) => setSeedMode(document, node, next));
      }}
    >
      <Icon size={12} aria-hidden="true" />
    </button>
  );
}
