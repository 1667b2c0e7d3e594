import type { CSSProperties, ReactElement, ReactNode } from "react";
import { useState } from "react";
import { useTexts } from "../../texts/texts";
import { CompareHandle } from "./CompareHandle";
import { useGestures, useWheel } from "./useGestures";
import type { LoadedPicture } from "./usePicture";
import type { Stage } from "./useStage";
import type { Point, Size, View } from "./view";
import { pixelAt, pixelMoved } from "./view";
import styles from "./viewer.module.css";

interface Props {
  readonly stage: Stage;
  readonly picture: LoadedPicture;
  /** The size in pixels, or in the cells that stand for some. */
  readonly size: Size;
  readonly label: string;
  readonly other: LoadedPicture | null;
  readonly otherLabel: string;
  readonly pixel: Point | null;
  readonly onPixel: (pixel: Point | null) => void;
  readonly children?: ReactNode;
}

/** A picture to move about and zoom into, with another one beside it under a slider. */
export function StageView(props: Props): ReactElement {
  const { stage, picture, size, label, other, otherLabel, pixel, onPixel } = props;
  const t = useTexts();
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [split, setSplit] = useState(0.5);
  useWheel(element, stage);
  const gestures = useGestures(stage, {
    onPoint: (at) => {
      onPixel(stage.view === null ? null : pixelAt(stage.view, at, size));
    },
    onStep: (by) => {
      onPixel(pixelMoved(pixel, by, size));
    },
  });
  const { view } = stage;
  const edge = `${split * 100}%`;
  return (
    <div className={styles["stageFrame"]}>
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- keys move the picture */}
      <div
        ref={(found) => {
          stage.ref(found);
          setElement(found);
        }}
        className={styles["stage"]}
        role="application"
        aria-label={`${label}. ${t("viewer.stage")}`}
        tabIndex={0}
        {...gestures}
        onPointerCancel={gestures.onPointerUp}
        onPointerLeave={() => {
          onPixel(null);
        }}
        onDoubleClick={stage.fit}
      >
        {view === null ? null : (
          <>
            <img
              src={picture.src}
              alt={label}
              draggable={false}
              style={placed(view, size, picture)}
            />
            {other === null ? null : (
              <div className={styles["other"]} style={{ clipPath: `inset(0 0 0 ${edge})` }}>
                <img
                  src={other.src}
                  alt={otherLabel}
                  draggable={false}
                  style={placed(view, size, other)}
                />
              </div>
            )}
            {pixel === null || view.scale < 3 ? null : (
              <span className={styles["pixel"]} style={boxOf(view, pixel)} />
            )}
          </>
        )}
      </div>
      {other === null ? null : (
        <CompareHandle
          split={split}
          onSplit={setSplit}
          labels={[label, otherLabel]}
          width={stage.size.width}
        />
      )}
    </div>
  );
}

function placed(view: View, size: Size, picture: LoadedPicture): CSSProperties {
  const width = size.width * view.scale;
  return {
    width,
    height: size.height * view.scale,
    transform: `translate(${view.x}px, ${view.y}px)`,
    imageRendering: width > picture.width * 1.5 ? "pixelated" : "auto",
  };
}

function boxOf(view: View, { x, y }: Point): CSSProperties {
  return {
    width: view.scale,
    height: view.scale,
    transform: `translate(${view.x + x * view.scale}px, ${view.y + y * view.scale}px)`,
  };
}
