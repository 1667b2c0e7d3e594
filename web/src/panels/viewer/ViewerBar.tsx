import { Download, Maximize, X, ZoomIn, ZoomOut } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import type { Viewed } from "../../stores/viewer";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { useNodeTitle } from "../inspector/nodes";
import { summaryText } from "../inspector/words";
import type { Mode } from "./modes";
import type { Saved } from "./useShown";
import type { Stage } from "./useStage";
import styles from "./viewer.module.css";

interface Props {
  readonly viewed: Viewed;
  readonly modes: readonly Mode[];
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
  readonly stage: Stage;
  readonly save: Saved | null;
  readonly children: ReactNode;
}

const LABELS = {
  film: "viewer.asFilm",
  sound: "viewer.asSound",
  picture: "viewer.asPicture",
  colours: "viewer.asColours",
  channels: "viewer.channels",
} as const;
const STEP = 1.4;

/** What is shown, how it is drawn, and what can be done with it. */
export function ViewerBar(props: Props): ReactElement {
  const { viewed, modes, mode, onMode, stage, save, children } = props;
  const t = useTexts();
  const node = useNodeTitle(viewed.place.node);
  const { step, name } = viewed.place;
  const at = step === undefined ? "" : ` · ${t("steps.slider")} ${step + 1}`;
  const percent = stage.view === null ? "" : `${Math.round(stage.view.scale * 100)} %`;
  const button = (label: string, Icon: LucideIcon, act: () => void): ReactElement => (
    <button
      type="button"
      className={controls["icon"]}
      aria-label={label}
      title={label}
      onClick={act}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
  return (
    <header className={styles["bar"]}>
      <div className={styles["names"]}>
        <Dialog.Title className={styles["title"]}>
          {t("viewer.title", { name, node })}
          {at}
        </Dialog.Title>
        <p className={styles["about"]}>{summaryText(viewed.summary, t)}</p>
      </div>
      {modes.length < 2 ? null : (
        <div className={styles["modes"]} role="group" aria-label={t("viewer.mode")}>
          {modes.map((found) => (
            <button
              key={found}
              type="button"
              aria-pressed={found === mode}
              onClick={() => {
                onMode(found);
              }}
            >
              {t(LABELS[found])}
            </button>
          ))}
        </div>
      )}
      {children}
      {mode === "film" || mode === "sound" ? null : (
        <div className={styles["zoom"]}>
          {button(t("viewer.zoomOut"), ZoomOut, () => {
            stage.zoom(1 / STEP);
          })}
          <button
            type="button"
            className={styles["percent"]}
            aria-label={`${t("viewer.actual")}, ${percent}`}
            title={t("viewer.actual")}
            onClick={stage.showActual}
          >
            {percent}
          </button>
          {button(t("viewer.zoomIn"), ZoomIn, () => {
            stage.zoom(STEP);
          })}
          {button(t("viewer.fit"), Maximize, stage.fit)}
        </div>
      )}
      {save === null ? null : (
        <a
          className={controls["icon"]}
          href={save.href}
          download={save.name}
          aria-label={t("viewer.save")}
          title={t("viewer.save")}
        >
          <Download size={16} aria-hidden="true" />
        </a>
      )}
      <Dialog.Close className={controls["icon"]} aria-label={t("viewer.close")}>
        <X size={17} aria-hidden="true" />
      </Dialog.Close>
    </header>
  );
}
