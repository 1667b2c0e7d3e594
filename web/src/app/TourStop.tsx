import { X } from "lucide-react";
import { Popover } from "radix-ui";
import type { ReactElement } from "react";
import { useEffect, useMemo, useRef } from "react";
import { shownShortcut } from "../actions/shortcuts";
import { showAll } from "../actions/view";
import { useInterface } from "../stores/interface";
import type { TourStep } from "../stores/tour";
import { endTour, goBack, goOn, TOUR_STEPS } from "../stores/tour";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./Tour.module.css";
import { anchorOf } from "./tourAnchors";

const SIDES = { run: "bottom", prompt: "right", state: "left", add: "right" } as const;

/** One step of the tour. */
export function TourStop({ step }: { readonly step: TourStep }): ReactElement {
  const t = useTexts();
  const next = useRef<HTMLButtonElement>(null);
  const anchor = useMemo(
    () => ({ current: { getBoundingClientRect: () => anchorOf(step) } }),
    [step],
  );
  useEffect(() => {
    if (step === "state" && !useInterface.getState().isInspectorOpen) {
      useInterface.setState({ isInspectorOpen: true });
      // The inspector takes its room from the canvas: all of the graph is to stay in view.
      setTimeout(showAll);
    }
  }, [step]);
  const place = TOUR_STEPS.indexOf(step) + 1;
  const isLast = place === TOUR_STEPS.length;
  return (
    <Popover.Root open modal={false}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          className={styles["stop"]}
          side={SIDES[step]}
          sideOffset={10}
          collisionPadding={12}
          updatePositionStrategy="always"
          aria-label={`${t("tour.name")}: ${t(`tour.${step}.title`)}`}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            next.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
          }}
          onInteractOutside={(event) => {
            event.preventDefault();
          }}
          onEscapeKeyDown={endTour}
        >
          <h2 className={styles["title"]}>{t(`tour.${step}.title`)}</h2>
          <p>{t(`tour.${step}.text`, { key: shownShortcut("Space") })}</p>
          <footer className={styles["footer"]}>
            <span className={styles["count"]}>
              {t("tour.count", { step: place, count: TOUR_STEPS.length })}
            </span>
            {place === 1 ? null : (
              <button type="button" className={controls["button"]} onClick={goBack}>
                {t("tour.back")}
              </button>
            )}
            <button ref={next} type="button" className={controls["primary"]} onClick={goOn}>
              {isLast ? t("tour.end") : t("tour.next")}
            </button>
          </footer>
          <button
            type="button"
            className={styles["skip"]}
            aria-label={t("tour.skip")}
            title={t("tour.skip")}
            onClick={endTour}
          >
            <X size={14} aria-hidden="true" />
          </button>
          <Popover.Arrow className={styles["arrow"]} width={14} height={7} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
