/** Whole graphs onto the canvas: examples and workflows of pipelines. */

import { idsOf, paste } from "../graph/clipboard";
import type { Place } from "../graph/edit";
import { FileError } from "../graph/file";
import type { Frame } from "../graph/frames";
import { frameAround, framesOf } from "../graph/frames";
import type { GraphDocument } from "../graph/model";
import type { TemplateSource } from "../panels/templates/list";
import { currentCatalogue } from "../stores/catalogue";
import { currentDocument, edit, openDocument } from "../stores/document";
import { closeDialog, say, select } from "../stores/interface";
import { templateGraph } from "../stores/templates";
import { showNodes, viewCentre } from "../stores/view";
import { text } from "../texts/texts";
import { reportError } from "./run";

const GRID = 10;
const GAP = 60;

/** Put a template in the middle of the view; on an empty canvas it becomes the graph. */
export async function insertTemplate(source: TemplateSource, title: string): Promise<void> {
  const graph = await fetched(source);
  if (graph === undefined) {
    return;
  }
  if (Object.keys(currentDocument().nodes).length === 0) {
    openDocument(graph, "", "edit.template");
    closeDialog();
    return;
  }
  const ids = insertGraph(graph);
  closeDialog();
  select(ids);
  say("good", text("templates.inserted", { name: title }));
  showNodes(ids);
}

/** Open a template in place of the graph that is there; undo brings that back. */
export async function openTemplate(source: TemplateSource, title: string): Promise<void> {
  const graph = await fetched(source);
  if (graph !== undefined) {
    openDocument(graph, "", "edit.template");
    closeDialog();
    say("good", text("templates.opened", { name: title }));
  }
}

/** Insert a graph as one step of undo; answers the ids of what was inserted. */
function insertGraph(graph: GraphDocument): readonly string[] {
  const catalogue = currentCatalogue();
  const frame = frameAround(framesOf(graph, Object.keys(graph.nodes), catalogue).values());
  const at = frame === undefined ? viewCentre() : freeCorner(frame);
  let ids: readonly string[] = [];
  edit("edit.template", (document) => {
    const placed = paste(document, graph, catalogue, { at });
    ids = placed.ids;
    return placed.document;
  });
  return ids;
}

/** The upper left corner of a frame in the middle of the view, or below what lies there. */
function freeCorner({ width, height }: Frame): Place {
  const document = currentDocument();
  const centre = viewCentre();
  const others = [...framesOf(document, idsOf(document), currentCatalogue()).values()];
  const onGrid = (value: number): number => Math.round(value / GRID) * GRID;
  const x = onGrid(centre.x - width / 2);
  let y = onGrid(centre.y - height / 2);
  const inTheWay = (): Frame[] =>
    others.filter(
      (other) =>
        other.x < x + width + GAP &&
        other.x + other.width + GAP > x &&
        other.y < y + height + GAP &&
        other.y + other.height + GAP > y,
    );
  for (let found = inTheWay(); found.length > 0; found = inTheWay()) {
    y = onGrid(Math.max(...found.map((other) => other.y + other.height)) + GAP + GRID);
  }
  return { x, y };
}

async function fetched(source: TemplateSource): Promise<GraphDocument | undefined> {
  try {
    return await templateGraph(source);
  } catch (error) {
    if (error instanceof FileError) {
      say("bad", text(error.reason, { place: error.place }));
    } else {
      reportError(error);
    }
    return undefined;
  }
}
