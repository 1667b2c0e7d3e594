/** What a picture can be compared with, as it becomes known. */

import { useEffect, useMemo, useState } from "react";
import { fetchJobs } from "../../protocol/api";
import type { JobSummary } from "../../protocol/answers";
import type { BlockState, ValuePlace } from "../../protocol/blockStates";
import { ServerError } from "../../protocol/http";
import { askState, placeKey, useBlockStates } from "../../stores/blockStates";
import { currentCatalogue } from "../../stores/catalogue";
import { currentDocument } from "../../stores/document";
import { titleOf } from "../inspector/nodes";
import type { Other } from "./others";
import { otherJob, othersInRun, othersOnNode } from "./others";

export interface Others {
  readonly inRun: readonly Other[];
  readonly onNode: readonly Other[];
  readonly earlier: readonly Other[];
}

export function useOthers(place: ValuePlace): Others {
  const runs = useBlockStates((state) => state.runs);
  const states = useBlockStates((state) => state.states);
  const jobs = useEarlierJobs(place.job);
  const nodes = useMemo(
    () => Object.keys(runs).filter((node) => runs[node]?.includes(place.job) === true),
    [runs, place.job],
  );
  useEffect(() => {
    for (const node of nodes) {
      askState(place.job, node);
    }
  }, [nodes, place.job]);
  const known = nodes.flatMap((node): readonly BlockState[] => {
    const asked = states[placeKey(place.job, node)];
    return asked?.status === "here" ? [asked.value] : [];
  });
  const own = known.find((state) => state.node_id === place.node);
  return {
    inRun: othersInRun(place, known, (id) => titleOf(id, currentDocument(), currentCatalogue())),
    onNode: own === undefined ? [] : othersOnNode(place, own),
    earlier: jobs.map((job) => otherJob(place, job)),
  };
}

const MOST_JOBS = "12";

function useEarlierJobs(current: string): readonly JobSummary[] {
  const [jobs, setJobs] = useState<readonly JobSummary[]>([]);
  useEffect(() => {
    let isGone = false;
    void (async () => {
      try {
        const found = await fetchJobs({ status: "completed", limit: MOST_JOBS });
        if (!isGone) {
          setJobs(found.jobs.filter(({ id }) => id !== current));
        }
      } catch (error) {
        if (!(error instanceof ServerError)) {
          throw error;
        }
      }
    })();
    return () => {
      isGone = true;
    };
  }, [current]);
  return jobs;
}
