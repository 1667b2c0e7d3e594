/** What exists: node types by id, with what the editor adds to them. */

import { isFromRepository } from "../graph/loadBlock";
import { REROUTE } from "../graph/model";
import type { CatalogueAnswer, InputSocket, NodeType, OutputSocket } from "./types";

export interface Catalogue {
  readonly version: string;
  /** The version of diffusers whose blocks these are. */
  readonly diffusers: string;
  readonly types: ReadonlyMap<string, NodeType>;
  readonly pipelines: CatalogueAnswer["pipelines"];
  readonly accepts: CatalogueAnswer["accepts"];
  readonly problems: readonly string[];
  /** What the server answered; types of the user's making came after that. */
  readonly answer: CatalogueAnswer;
}

/** A bend in a wire; graphs are sent without them. */
export const REROUTE_TYPE: NodeType = {
  id: REROUTE,
  title: "Reroute",
  category: ["drawing"],
  kind: "function",
  inputs: [{ name: "value", type: "ANY" }],
  outputs: [{ name: "value", type: "ANY" }],
};

export function makeCatalogue(answer: CatalogueAnswer): Catalogue {
  const types = new Map(answer.node_types.map((type) => [type.id, type]));
  types.set(REROUTE, REROUTE_TYPE);
  return {
    version: answer.version,
    diffusers: answer.diffusers,
    types,
    pipelines: answer.pipelines,
    accepts: answer.accepts,
    problems: answer.problems,
    answer,
  };
}

/** The catalogue with one more type, made of blocks that the user chose. */
export function withType(catalogue: Catalogue, type: NodeType): Catalogue {
  return { ...catalogue, types: new Map([...catalogue.types, [type.id, type]]) };
}

/** What the category of types is called that somebody has made and saved. */
export const OWN = "Own blocks";
export const SAVED = "Saved";

/** What can be added to a graph: not bends in a wire, and of chosen blocks only what was saved. */
export function listedTypes({ types }: Catalogue): NodeType[] {
  return [...types.values()].filter(
    ({ id, category }) =>
      id !== REROUTE &&
      (!id.endsWith("]") || category[1] === SAVED) &&
      (!isFromRepository(id) || category.length > 1),
  );
}

export function inputOf(type: NodeType | undefined, name: string): InputSocket | undefined {
  return type?.inputs?.find((socket) => socket.name === name) ?? fieldOf(type, name);
}

export function outputOf(type: NodeType | undefined, name: string): OutputSocket | undefined {
  return type?.outputs?.find((socket) => socket.name === name);
}

/** A bundle can also be fed by name: ``denoiser_input_fields.prompt_embeds``. */
function fieldOf(type: NodeType | undefined, name: string): InputSocket | undefined {
  const [bundle, field] = name.split(".", 2);
  if (field === undefined || field === "") {
    return undefined;
  }
  const whole = type?.inputs?.find((socket) => socket.is_bundle === true && socket.name === bundle);
  return whole === undefined ? undefined : { name, type: "ANY", role: "intermediate" };
}

/** The names under which blocks ask for parts of a model, those that most ask for first. */
export function componentNames({ types }: Pick<Catalogue, "types">): readonly string[] {
  const counts = new Map<string, number>();
  for (const need of [...types.values()].flatMap(({ components }) => components ?? [])) {
    // Some are made anew for each model: no model has them.
    if (need.is_made !== true) {
      counts.set(need.name, (counts.get(need.name) ?? 0) + 1);
    }
  }
  const byCount = [...counts].toSorted(([, one], [, other]) => other - one);
  return byCount.map(([name]) => name);
}

/** The name of a socket on screen. */
export function socketTitle(socket: { readonly name: string; readonly title?: string }): string {
  return socket.title !== undefined && socket.title !== "" ? socket.title : socket.name;
}
