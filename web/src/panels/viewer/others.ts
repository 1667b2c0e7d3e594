/** What a picture can be compared with. */

import { viewUrl } from "../../protocol/api";
import type { JobSummary } from "../../protocol/answers";
import type { BlockState, ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { fetchBlockState, thumbnailUrl } from "../../protocol/blockStates";
import { ServerError } from "../../protocol/http";
import { bestOf, isDrawable, mainValue } from "../inspector/values";
import { pictureUrl } from "./modes";

const SMALL = 64;

export interface Other {
  readonly id: string;
  readonly label: string;
  /** Of the job, when it was; 0 for what is of the run that is shown. */
  readonly moment: number;
  /** A small picture of it, where one is known. */
  readonly thumbnail: string | undefined;
  /** The address of its picture; undefined where nothing is kept of it. */
  readonly find: () => Promise<string | undefined>;
}

/** Other drawable values of the same node. */
export function othersOnNode(place: ValuePlace, state: BlockState): readonly Other[] {
  const values = [...state.written, ...state.read.filter((read) => !isWritten(read.name, state))];
  return values.flatMap(({ name, value }): readonly Other[] =>
    value === null || name === place.name || !isDrawable(value)
      ? []
      : [here({ job: place.job, node: place.node, name }, value, name)],
  );
}

function isWritten(name: string, state: BlockState): boolean {
  return state.written.some((value) => value.name === name);
}

/** The main values of other nodes. */
export function othersInRun(
  place: ValuePlace,
  states: readonly BlockState[],
  titleOf: (node: string) => string,
): readonly Other[] {
  return states.flatMap((state): readonly Other[] => {
    const main = mainValue(state);
    return main === undefined || main.value === null || state.node_id === place.node
      ? []
      : [
          here(
            { job: place.job, node: state.node_id, name: main.name },
            main.value,
            titleOf(state.node_id),
          ),
        ];
  });
}

function here(place: ValuePlace, summary: ValueSummary, label: string): Other {
  return {
    id: `${place.job} ${place.node} ${place.name}`,
    label,
    moment: 0,
    thumbnail: thumbnailUrl(place, SMALL),
    find: () => Promise.resolve(pictureUrl(place, summary)),
  };
}

/** The same value in an earlier job; where its values are gone, the picture it saved. */
export function otherJob(place: ValuePlace, job: JobSummary): Other {
  return {
    id: job.id,
    label: "",
    moment: job.execution_start_time ?? job.create_time,
    thumbnail: savedPicture(job, SMALL),
    find: async () => (await keptPicture({ ...place, job: job.id })) ?? savedPicture(job),
  };
}

async function keptPicture(place: ValuePlace): Promise<string | undefined> {
  try {
    const { written, read } = await fetchBlockState(place.job, place.node);
    const values = [...written, ...read];
    const same = values.find(({ name, value }) => name === place.name && value !== null);
    const found = same ?? bestOf(values);
    return found?.value === null || found === undefined
      ? undefined
      : pictureUrl({ ...place, name: found.name }, found.value);
  } catch (error) {
    if (error instanceof ServerError) {
      return undefined;
    }
    throw error;
  }
}

function savedPicture({ preview_output: file }: JobSummary, size?: number): string | undefined {
  return file === undefined || file.mediaType !== "images" ? undefined : viewUrl(file, size);
}
