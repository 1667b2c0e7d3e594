import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import type { LoopStep } from "../../protocol/blockStates";
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
  if (live !== null) {
    return <Loaded key={live.job} node={node} job={live.job} live={live} />;
  }
  if (job === "") {
    return <p className={styles["hint"]}>{t("state.notRun")}</p>;
  }
  return (
    <StateFrame node={node} job={job} asked={state}>
      {({ step_count: count }) =>
        count === 0 ? (
          <p className={styles["hint"]}>{t("steps.none")}</p>
        ) : (
          <Loaded key={job} node={node} job={job} live={null} />
        )
      }
    </StateFrame>
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

interface Props {
  readonly node: string;
  readonly job: string;
  readonly live: Loop | null;
}

const NO_STEPS: readonly LoopStep[] = [];

function Loaded({ node, job, live }: Props): ReactElement {
  const asked = useBlockStates((state) => state.steps[placeKey(job, node)]);
  const [held, setHeld] = useState<number | null>(null);
  const stepPicture = useInspect((state) => state.stepPicture);
  const count = live?.count ?? 0;
  const isKnown = asked !== undefined;
  useEffect(() => {
    askSteps(job, node, isKnown ? count : 0);
  }, [job, node, count, isKnown]);
  const steps = asked?.status === "here" ? asked.value : NO_STEPS;
  const loop = loopOf(steps, live);
  const at = shownStep(held, loop);
  const names = drawableNames(steps);
  const drawn = names.includes(stepPicture) ? stepPicture : (names[0] ?? "");
  const step = steps[at - 1];
  const controls = (
    <StepControls
      loop={loop}
      at={at}
      isLive={live !== null}
      isHeld={held !== null}
      onStep={(next) => {
        setHeld(heldAt(next, loop));
      }}
    />
  );
  const picture = (
    <StepPicture
      node={node}
      job={job}
      at={at}
      step={step}
      name={drawn}
      isFollowing={live !== null && held === null}
    />
  );
  if (live !== null) {
    return (
      <>
        {picture}
        {controls}
        <StepValues node={node} job={job} step={step} names={names} drawn={drawn} />
      </>
    );
  }
  return (
    <StateFrame node={node} job={job} asked={asked}>
      {() => (
        <>
          {picture}
          {controls}
          <StepValues node={node} job={job} step={step} names={names} drawn={drawn} />
        </>
      )}
    </StateFrame>
  );
}
