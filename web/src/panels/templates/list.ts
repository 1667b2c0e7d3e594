/** All there is to insert: the examples, and every workflow of every pipeline. */

import type { Catalogue } from "../../catalogue/catalogue";
import { wordsOf } from "../../catalogue/words";
import type { Translate } from "../../texts/texts";
import { hasText } from "../../texts/texts";
import type { Example } from "../../protocol/examples";
import { pipelineTitle, plainText, workflowTitle } from "./names";

/** Where the graph of a template comes from. */
export type TemplateSource =
  | { readonly kind: "example"; readonly name: string }
  | {
      readonly kind: "workflow";
      readonly pipeline: string;
      readonly workflow: string;
      readonly isLeaf: boolean;
    };

export interface Template {
  readonly source: TemplateSource;
  readonly title: string;
  readonly description: string;
  /** Inputs that select this workflow: what it asks for. */
  readonly triggers: readonly string[];
}

export interface TemplateGroup {
  readonly pipeline: string;
  readonly title: string;
  readonly description: string;
  readonly templates: readonly Template[];
}

export function keyOf(source: TemplateSource): string {
  return source.kind === "example"
    ? `example/${source.name}`
    : `${source.pipeline}/${source.workflow}${source.isLeaf ? "/leaf" : ""}`;
}

/** The examples, in the language of the editor where it knows them. */
export function exampleTemplates(examples: readonly Example[], t: Translate): Template[] {
  return examples.map(({ name, title, description }) => {
    const [key, about] = [`example.${name}`, `example.${name}.about`];
    return {
      source: { kind: "example", name },
      title: hasText(key) ? t(key) : title,
      description: hasText(about) ? t(about) : description,
      triggers: [],
    };
  });
}

/** Every pipeline with its workflows, by title. */
export function pipelineGroups(
  catalogue: Catalogue,
  isLeaf: boolean,
  t: Translate,
): TemplateGroup[] {
  return catalogue.pipelines
    .map(({ pipeline, description, workflows }) => ({
      pipeline,
      title: pipelineTitle(pipeline, catalogue),
      description: plainText(description),
      templates: workflows.map(({ name, triggers }) => ({
        source: { kind: "workflow", pipeline, workflow: name, isLeaf } as const,
        title: workflowTitle(name, t),
        description: "",
        triggers,
      })),
    }))
    .toSorted((one, other) => one.title.localeCompare(other.title, "en", { numeric: true }));
}

/** What has every typed word, in its own words or those of its group. */
export function fitting(
  templates: readonly Template[],
  text: string,
  group = "",
): readonly Template[] {
  const typed = wordsOf(text);
  if (typed.length === 0) {
    return templates;
  }
  return templates.filter((template) => {
    const words = wordsOf(
      `${group} ${template.title} ${template.description} ${keyOf(template.source)} ${template.triggers.join(" ")}`,
    );
    return typed.every((want) => words.some((word) => word.startsWith(want)));
  });
}
