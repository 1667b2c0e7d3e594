import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import type { BlockState, LoopStep } from "../../protocol/blockStates";
import type { Asked } from "../../stores/blockStates";
import { askSteps, placeKey, useBlockStates } from "../../stores/blockStates";
import { useInspect } from "../../stores/inspect";
import { useRun } from "../../stores/run";
import { useTexts } from "../../texts/texts";
import { drawableNames, heldAt, loopOf, shownStep } from "./loop";
import type { Loop } from "./loop";
import { StateFrame } from "./StateFrame";
import { StepControls } from "./StepControls";
import { StepPicture } from "./StepPicture";
import { StepValues } from "./StepValues";
import { useNodeState } from "./useStates";
import styles from "./values.module.css";

/** The steps of a node's loop, also while it runs. */
export function StepsTab({ node }: { readonly node: string }): ReactElement {
  const t = useTexts();
  const { job, state } = useNodeState(node);
  const live = useLive(node);
  const broken = useBrokenOff(node);
  const shown = live?.job ?? broken?.job ?? job;
  return shown === "" ? (
    <p className={styles["hint"]}>{t("state.notRun")}</p>
  ) : (
    <Steps key={shown} node={node} job={shown} live={live} broken={broken} state={state} />
  );
}

interface Live extends Loop {
  readonly job: string;
}

/** How far the node's loop is, while it runs; null otherwise. */
function useLive(node: string): Live | null {
  const isRunning = useRun((state) => state.nodes[node]?.status === "running");
  const job = useRun((state) => state.nodes[node]?.job ?? "");
  const count = useRun((state) => state.nodes[node]?.done ?? 0);
  const total = useRun((state) => state.nodes[node]?.total ?? 0);
  return isRunning && total > 1 ? { job, count, total } : null;
}

/** How far a loop came that was cancelled or failed; null where the newest run is another. */
function useBrokenOff(node: string): Live | null {
  const job = useRun(({ job: run, nodes }) => {
    const found = nodes[node];
    const hasEnded = run?.status === "cancelled" || run?.status === "failed";
    const isBroken = found?.status === "waiting" || found?.status === "failed";
    return hasEnded && isBroken && found.job === run.id ? run.id : "";
  });
  const count = useRun((state) => state.nodes[node]?.done ?? 0);
  const total = useRun((state) => state.nodes[node]?.total ?? 0);
  return job !== "" && count > 0 && total > 1 ? { job, count, total } : null;
}

interface Props {
  readonly node: string;
  readonly job: string;
  readonly live: Loop | null;
  readonly broken: Loop | null;
  readonly state: Asked<BlockState> | undefined;
}

const NO_STEPS: readonly LoopStep[] = [];

function Steps({ node, job, live, broken, state }: Props): ReactElement {
  const t = useTexts();
  const asked = useBlockStates((found) => found.steps[placeKey(job, node)]);
  const [held, setHeld] = useState<number | null>(null);
  const stepPicture = useInspect((found) => found.stepPicture);
  const ended = state?.status === "here" ? state.value.step_count : 0;
  const count = live?.count ?? broken?.count ?? ended;
  const isKnown = asked !== undefined;
  useEffect(() => {
    if (count > 0) {
      askSteps(job, node, isKnown ? count : 0);
    }
  }, [job, node, count, isKnown]);
  const steps = asked?.status === "here" ? asked.value : NO_STEPS;
  if (live === null && steps.length === 0) {
    const isStateHere = broken !== null || state?.status === "here";
    const isNoLoop = isStateHere && count === 0;
    return isNoLoop ? (
      <p className={styles["hint"]}>{t("steps.none")}</p>
    ) : (
      <StateFrame node={node} job={job} asked={isStateHere ? asked : state}>
        {() => null}
      </StateFrame>
    );
  }
  const loop = loopOf(steps, live);
  const at = shownStep(held, loop);
  const names = drawableNames(steps);
  const drawn = names.includes(stepPicture) ? stepPicture : (names[0] ?? "");
  const shared = { node, job, step: steps[at - 1] };
  return (
    <>
      <StepPicture
        {...shared}
        at={at}
        name={drawn}
        isFollowing={live !== null && held === null}
        ended={live === null ? steps.length : 0}
      />
      <StepControls
        loop={loop}
        at={at}
        isLive={live !== null}
        isHeld={held !== null}
        onStep={(next) => {
          setHeld(heldAt(next, loop));
        }}
      />
      <StepValues {...shared} names={names} drawn={drawn} />
    </>
  );
}
