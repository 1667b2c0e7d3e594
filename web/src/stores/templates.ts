/** What is looked for among the templates, and the graphs that were fetched: each once. */

import { create } from "zustand";
import { readFile } from "../graph/file";
import { layOut } from "../graph/layout";
import type { GraphDocument } from "../graph/model";
import type { TemplateSource } from "../panels/templates/list";
import { keyOf } from "../panels/templates/list";
import { fetchExample, fetchTemplate } from "../protocol/api";
import type { Example } from "../protocol/examples";
import { fetchExamples } from "../protocol/examples";
import { currentCatalogue } from "./catalogue";

export interface TemplatesState {
  readonly text: string;
  /** Whether workflows are drawn with the smallest blocks. */
  readonly isLeaf: boolean;
  readonly examples: readonly Example[];
  readonly openPipelines: readonly string[];
}

export const useTemplates = create<TemplatesState>(() => ({
  text: "",
  isLeaf: false,
  examples: [],
  openPipelines: [],
}));

/** Ask for the examples where they are not known yet; without a server there are none. */
export async function loadExamples(): Promise<void> {
  if (useTemplates.getState().examples.length === 0) {
    useTemplates.setState({ examples: await fetchExamples().catch(() => []) });
  }
}

export function togglePipeline(pipeline: string): void {
  useTemplates.setState(({ openPipelines }) => ({
    openPipelines: openPipelines.includes(pipeline)
      ? openPipelines.filter((open) => open !== pipeline)
      : [...openPipelines, pipeline],
  }));
}

const graphs = new Map<string, Promise<GraphDocument>>();

/** The graph of a template, laid out. Raises ServerError or FileError; then it is asked for anew. */
export function templateGraph(source: TemplateSource): Promise<GraphDocument> {
  const key = keyOf(source);
  const known = graphs.get(key);
  if (known !== undefined) {
    return known;
  }
  const graph = fetchGraph(source);
  graphs.set(key, graph);
  graph.catch(() => {
    graphs.delete(key);
  });
  return graph;
}

async function fetchGraph(source: TemplateSource): Promise<GraphDocument> {
  const catalogue = currentCatalogue();
  if (source.kind === "example") {
    return readFile(await fetchExample(source.name), catalogue);
  }
  const file = await fetchTemplate(source.pipeline, source.workflow, source.isLeaf);
  // The server does not know how large nodes are drawn here.
  return layOut(readFile(file, catalogue), null, catalogue);
}
