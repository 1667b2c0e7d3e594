import type { ReactElement } from "react";
import type { Difference, InputChange } from "../../graph/compare";
import { isSame } from "../../graph/compare";
import type { GraphNode, Input } from "../../graph/model";
import { currentCatalogue } from "../../stores/catalogue";
import { useTexts } from "../../texts/texts";
import styles from "./compare.module.css";

interface Props {
  readonly found: Difference;
  readonly seeds: readonly [number | null, number | null];
}

/** What differs between two graphs, node by node. */
export function DifferenceList({ found, seeds }: Props): ReactElement {
  const t = useTexts();
  const [left, right] = seeds;
  if (isSame(found) && left === right) {
    return <p className={styles["hint"]}>{t("compare.same")}</p>;
  }
  return (
    <section>
      <h3 className={styles["heading"]}>{t("compare.changes")}</h3>
      <ul className={styles["changes"]}>
        {left === right ? null : (
          <li>
            <strong>{t("run.seed")}</strong>
            <Values before={String(left ?? "–")} after={String(right ?? "–")} />
          </li>
        )}
        {found.added.map((node) => (
          <li key={node.id}>{t("compare.added", { node: nameOf(node) })}</li>
        ))}
        {found.removed.map((node) => (
          <li key={node.id}>{t("compare.removed", { node: nameOf(node) })}</li>
        ))}
        {found.changed.map(({ id, after, values, links }) => (
          <li key={id}>
            <strong>{nameOf(after)}</strong>
            {[...values, ...links].map((change) => (
              <Change key={change.name} change={change} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Change({ change }: { readonly change: InputChange }): ReactElement {
  const t = useTexts();
  const shown = (input: Input | undefined): string =>
    input === undefined ? t("compare.unset") : valueText(input);
  return (
    <div>
      <span className={styles["hint"]}>{change.name}</span>
      <Values before={shown(change.before)} after={shown(change.after)} />
    </div>
  );
}

function Values({ before, after }: { before: string; after: string }): ReactElement {
  return (
    <div className={styles["values"]}>
      <del>{before}</del>
      <ins>{after}</ins>
    </div>
  );
}

function valueText(input: Input): string {
  if (input.kind === "link") {
    return `← ${input.node}.${input.output}`;
  }
  return typeof input.value === "string" ? input.value : JSON.stringify(input.value);
}

function nameOf(node: GraphNode): string {
  return node.title !== ""
    ? node.title
    : (currentCatalogue().types.get(node.type)?.title ?? node.id);
}
