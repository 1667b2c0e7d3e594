import { Search } from "lucide-react";
import type { ReactElement } from "react";
import { useEffect, useId, useMemo } from "react";
import { useCatalogue } from "../../stores/catalogue";
import { loadExamples, useTemplates } from "../../stores/templates";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import type { Template } from "./list";
import { exampleTemplates, fitting, pipelineGroups } from "./list";
import { PipelineGroup } from "./PipelineGroup";
import { TemplateCard } from "./TemplateCard";
import styles from "./Templates.module.css";

/** Examples and all pipelines, to insert or to open; in the side panel and, larger, in a dialog. */
export function TemplateBrowser({ isLarge }: { readonly isLarge: boolean }): ReactElement {
  const t = useTexts();
  const catalogue = useCatalogue((state) => state.catalogue);
  const { text, isLeaf } = useTemplates();
  const examples = useExamples();
  const groups = useMemo(() => pipelineGroups(catalogue, isLeaf, t), [catalogue, isLeaf, t]);
  const shown = groups
    .map((group) => ({
      ...group,
      templates: fitting(group.templates, text, group.title),
    }))
    .filter(({ templates }) => templates.length > 0);
  const shownExamples = fitting(examples, text);
  return (
    <div className={styles["browser"]} data-large={isLarge}>
      <TemplateFilter />
      <div className={styles["content"]}>
        {shownExamples.length === 0 ? null : (
          <section>
            <h3 className={styles["heading"]}>{t("templates.examples")}</h3>
            <p className={styles["hint"]}>{t("templates.examplesHint")}</p>
            <div className={styles["grid"]}>
              {shownExamples.map((template) => (
                <TemplateCard key={template.title} template={template} />
              ))}
            </div>
          </section>
        )}
        {shown.length === 0 ? null : (
          <section>
            <h3 className={styles["heading"]}>{t("templates.pipelines")}</h3>
            <p className={styles["hint"]}>{t("templates.pipelinesHint")}</p>
            {shown.map((group) => (
              <PipelineGroup
                key={group.pipeline}
                group={group}
                isAlwaysOpen={text.trim() !== "" && shown.length <= 6}
              />
            ))}
          </section>
        )}
        {shown.length === 0 && shownExamples.length === 0 ? (
          <p className={styles["hint"]} role="status">
            {t("templates.none", { text: text.trim() })}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** The examples in the language of the editor, where it knows them. */
function useExamples(): readonly Template[] {
  const t = useTexts();
  const examples = useTemplates((state) => state.examples);
  useEffect(() => {
    void loadExamples();
  }, []);
  return useMemo(() => exampleTemplates(examples, t), [examples, t]);
}

function TemplateFilter(): ReactElement {
  const t = useTexts();
  const id = useId();
  const { text, isLeaf } = useTemplates();
  return (
    <div className={styles["filter"]}>
      <div className={styles["search"]}>
        <Search size={14} aria-hidden="true" />
        <input
          className={controls["field"]}
          type="search"
          value={text}
          placeholder={t("templates.searchHint")}
          aria-label={t("templates.search")}
          data-autofocus
          spellCheck={false}
          onChange={(event) => {
            useTemplates.setState({ text: event.target.value });
          }}
        />
      </div>
      <label className={styles["switch"]} htmlFor={id} title={t("templates.leafHint")}>
        <input
          id={id}
          type="checkbox"
          checked={isLeaf}
          onChange={(event) => {
            useTemplates.setState({ isLeaf: event.target.checked });
          }}
        />
        {t("templates.leaf")}
      </label>
    </div>
  );
}
