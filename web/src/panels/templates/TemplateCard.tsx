import { FilePlus2, Plus } from "lucide-react";
import type { ReactElement } from "react";
import { useId } from "react";
import { insertTemplate, openTemplate } from "../../actions/templates";
import { useTexts } from "../../texts/texts";
import { GraphPicture } from "./GraphPicture";
import type { Template } from "./list";
import styles from "./Templates.module.css";
import { useGraph } from "./useGraph";

interface Props {
  readonly template: Template;
  /** What it belongs to, for its full name. */
  readonly group?: string;
}

/** A template with its picture: a click inserts it. */
export function TemplateCard({ template, group = "" }: Props): ReactElement {
  const t = useTexts();
  const description = useId();
  const { ref, graph, hasFailed } = useGraph(template.source);
  const name = group === "" ? template.title : `${group}: ${template.title}`;
  return (
    <article className={styles["card"]}>
      <button
        type="button"
        className={styles["insert"]}
        aria-label={t("templates.insertNamed", { name })}
        aria-describedby={template.description === "" ? undefined : description}
        onClick={() => void insertTemplate(template.source, name)}
      >
        <span ref={ref} className={styles["picture"]}>
          {graph === null ? null : <GraphPicture document={graph} />}
          {hasFailed ? <span className={styles["none"]}>{t("templates.noPicture")}</span> : null}
          <span className={styles["plus"]} aria-hidden="true">
            <Plus size={13} />
            {t("templates.insert")}
          </span>
        </span>
        <span className={styles["cardTitle"]}>{template.title}</span>
      </button>
      {template.description === "" ? null : (
        <p id={description} className={styles["description"]}>
          {template.description}
        </p>
      )}
      <Asks template={template} needs={needsOf(graph?.extra["needs"])} />
      <button
        type="button"
        className={styles["open"]}
        aria-label={t("templates.openNamed", { name })}
        title={t("templates.openNew")}
        onClick={() => void openTemplate(template.source, name)}
      >
        <FilePlus2 size={14} aria-hidden="true" />
      </button>
    </article>
  );
}

function needsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

/** The inputs that a workflow asks for; marked are those that only the user can give. */
function Asks({
  template,
  needs,
}: {
  readonly template: Template;
  readonly needs: readonly string[];
}): ReactElement | null {
  const t = useTexts();
  const names = [...new Set([...template.triggers, ...needs])];
  if (names.length === 0) {
    return null;
  }
  return (
    <p className={styles["asks"]}>
      <span className="visually-hidden">{t("templates.asks")}</span>
      {names.map((name) => {
        const isNeeded = needs.includes(name);
        return (
          <span
            key={name}
            className={styles["ask"]}
            data-needed={isNeeded}
            title={isNeeded ? t("templates.needs") : undefined}
          >
            {name}
          </span>
        );
      })}
    </p>
  );
}
