import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactElement } from "react";
import { hueOf } from "../../canvas/colours";
import { togglePipeline, useTemplates } from "../../stores/templates";
import { useTexts } from "../../texts/texts";
import type { TemplateGroup } from "./list";
import { TemplateCard } from "./TemplateCard";
import styles from "./Templates.module.css";

interface Props {
  readonly group: TemplateGroup;
  readonly isAlwaysOpen: boolean;
}

/** A pipeline: what it is for, and its workflows. */
export function PipelineGroup({ group, isAlwaysOpen }: Props): ReactElement {
  const t = useTexts();
  const isToggled = useTemplates((state) => state.openPipelines.includes(group.pipeline));
  const isOpen = isAlwaysOpen || isToggled;
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  const count = group.templates.length;
  return (
    <section className={styles["group"]} style={{ ["--hue" as string]: hueOf(group.pipeline) }}>
      <h4>
        <button
          type="button"
          className={styles["groupTitle"]}
          aria-expanded={isOpen}
          onClick={() => {
            togglePipeline(group.pipeline);
          }}
        >
          <Arrow size={13} aria-hidden="true" />
          <span className={styles["swatch"]} aria-hidden="true" />
          <span className={styles["groupName"]}>{group.title}</span>
          <span
            className={styles["count"]}
            aria-label={count === 1 ? t("templates.countOne") : t("templates.count", { count })}
          >
            {count}
          </span>
        </button>
      </h4>
      {isOpen ? (
        <>
          {group.description === "" ? null : <p className={styles["hint"]}>{group.description}</p>}
          <div className={styles["grid"]}>
            {group.templates.map((template) => (
              <TemplateCard key={template.title} template={template} group={group.title} />
            ))}
          </div>
        </>
      ) : null}
    </section>
  );
}
