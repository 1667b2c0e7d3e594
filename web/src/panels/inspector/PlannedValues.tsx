import type { ReactElement } from "react";
import type { Source } from "../../protocol/answers";
import { useCatalogue } from "../../stores/catalogue";
import { useCheck } from "../../stores/check";
import { useDocument } from "../../stores/document";
import { useTexts } from "../../texts/texts";
import { NodeLink } from "./NodeLink";
import { defaultOf, jsonText } from "./reads";
import styles from "./values.module.css";

/** Before a run: where every input will get its value. */
export function PlannedValues({ node }: { readonly node: string }): ReactElement {
  const t = useTexts();
  const inputs = useCheck((state) => state.answer?.nodes[node]?.inputs);
  const type = useDocument((state) => state.document.nodes[node]?.type ?? "");
  const entries = Object.entries(inputs ?? {});
  const given = entries.filter(([, source]) => source.from !== "default");
  const defaults = entries.filter(([, source]) => source.from === "default");
  const row = ([name, source]: (typeof entries)[number]): ReactElement => (
    <PlannedRow key={name} name={name} source={source} type={type} />
  );
  return (
    <>
      <p className={styles["hint"]}>{t("state.notRun")}</p>
      {entries.length === 0 ? null : (
        <section className={styles["section"]} aria-label={t("values.willRead")}>
          <h3 className={styles["heading"]}>
            {t("values.willRead")} <span className={styles["count"]}>{entries.length}</span>
          </h3>
          <ul className={styles["rows"]}>{given.map(row)}</ul>
          {defaults.length === 0 ? null : (
            <details className={styles["fold"]}>
              <summary>
                {t(defaults.length === 1 ? "values.oneDefault" : "values.defaults", {
                  count: defaults.length,
                })}
              </summary>
              <ul className={styles["rows"]}>{defaults.map(row)}</ul>
            </details>
          )}
        </section>
      )}
    </>
  );
}

function PlannedRow({
  name,
  source,
  type,
}: {
  name: string;
  source: Source;
  type: string;
}): ReactElement {
  const fallback = useCatalogue((state) => defaultOf(state.catalogue.types.get(type), name));
  const typed = source.from === "typed" ? jsonText(source.value) : "";
  const text = source.from === "default" ? fallback : typed;
  return (
    <li className={styles["row"]} data-value={name}>
      <div className={styles["line"]}>
        <span className={styles["opener"]}>
          <span className={styles["chevron"]} />
          <span className={styles["name"]}>{name}</span>
          <span className={styles["text"]} title={text}>
            {text}
          </span>
        </span>
      </div>
      <div className={styles["origin"]}>
        <PlannedSource source={source} />
      </div>
    </li>
  );
}

function PlannedSource({ source }: { readonly source: Source }): ReactElement {
  const t = useTexts();
  switch (source.from) {
    case "link":
      return <NodeLink id={source.node} words="from.linked" />;
    case "state":
      return <NodeLink id={source.node} words={source.is_certain ? "from.state" : "from.maybe"} />;
    case "bundle":
      return <span>{t("from.bundleMany", { count: Object.keys(source.fields).length })}</span>;
    case "nowhere":
      return <span className={styles["warning"]}>{t("from.nowhere")}</span>;
    default:
      return <span>{t(source.from === "typed" ? "from.typed" : "from.default")}</span>;
  }
}
