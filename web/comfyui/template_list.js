/** The pipelines and their workflows in words, and searching them. */

import { hasText, t } from "./texts.js";

/**
 * @typedef {object} Template
 * @property {string} pipeline
 * @property {string} workflow
 * @property {string} title
 * @property {string[]} triggers inputs that select this workflow: what it asks for
 */

/** @typedef {{ pipeline: string, title: string, templates: Template[] }} TemplateGroup */

/** What a workflow may begin and end with, besides its task. */
const BEFORE = ["ip_adapter", "controlnet_union", "controlnet"];
const AFTER = ["with_sound"];

/**
 * Every pipeline with its workflows, by title.
 * @param {readonly PipelineEntry[]} entries
 * @param {(pipeline: string) => string | undefined} titleOf how its nodes call it
 * @returns {TemplateGroup[]}
 */
export function templateGroups(entries, titleOf) {
  return entries
    .map(({ pipeline, workflows }) => ({
      pipeline,
      title: titleOf(pipeline) ?? inWords(pipeline),
      templates: workflows.map(({ name, triggers }) => ({
        pipeline,
        workflow: name,
        title: workflowTitle(name),
        triggers,
      })),
    }))
    .toSorted((one, other) => one.title.localeCompare(other.title, "en", { numeric: true }));
}

/**
 * A workflow in words: ``controlnet_text2image`` is "Text to image, ControlNet".
 * @param {string} workflow
 */
export function workflowTitle(workflow) {
  let rest = workflow;
  const found = [];
  for (const part of BEFORE) {
    if (rest.startsWith(`${part}_`)) {
      rest = rest.slice(part.length + 1);
      found.push(named(part));
    }
  }
  for (const part of AFTER) {
    if (rest.endsWith(`_${part}`)) {
      rest = rest.slice(0, -part.length - 1);
      found.push(named(part));
    }
  }
  return [named(rest), ...found].join(", ");
}

/** @param {string} part */
function named(part) {
  const key = `workflow.${part}`;
  return hasText(key) ? t(key) : inWords(part);
}

/** @param {string} name */
function inWords(name) {
  const words = name.split(/[-_\s]+/).filter(Boolean);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}

/**
 * What has every typed word, in its own words or those of its group.
 * @param {readonly TemplateGroup[]} groups
 * @param {string} text
 * @returns {TemplateGroup[]}
 */
export function fittingTemplates(groups, text) {
  const typed = wordsOf(text);
  return groups
    .map((group) => ({
      ...group,
      templates: group.templates.filter(({ pipeline, workflow, title, triggers }) => {
        const words = wordsOf([group.title, pipeline, workflow, title, ...triggers].join(" "));
        return typed.every((want) => words.some((word) => word.startsWith(want)));
      }),
    }))
    .filter(({ templates }) => templates.length > 0);
}

/** @param {string} text */
function wordsOf(text) {
  return text.toLowerCase().match(/[\p{L}\p{N}.]+/gu) ?? [];
}
