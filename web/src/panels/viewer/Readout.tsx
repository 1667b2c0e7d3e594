import type { ReactElement } from "react";
import { useTexts } from "../../texts/texts";
import { roughNumber } from "../inspector/words";
import { colourText } from "./pixels";
import type { Pixels } from "./pixels";
import type { Range } from "./planes";
import type { Point, Size } from "./view";
import { pixelIn } from "./view";
import styles from "./viewer.module.css";

interface Props {
  readonly pixel: Point | null;
  readonly size: Size;
  /** The colours, of pictures; ``other`` is what it is compared with. */
  readonly pixels: Pixels | undefined;
  readonly other: Pixels | undefined;
  /** The numbers at the pixel, of tensors. */
  readonly numbers: readonly number[];
  readonly range: Range | undefined;
}

const MOST = 16;

/** What is under the pointer. */
export function Readout(props: Props): ReactElement {
  const { pixel, size, pixels, other, numbers, range } = props;
  const t = useTexts();
  const isNumbers = numbers.length > 0;
  return (
    <div className={styles["readout"]}>
      {range === undefined ? null : (
        <span className={styles["scale"]} aria-hidden="true">
          {roughNumber(range.minimum)} <span className={styles["ramp"]} />{" "}
          {roughNumber(range.maximum)}
        </span>
      )}
      <span role="status" className={styles["pixelText"]}>
        {pixel === null ? (
          t("viewer.hint")
        ) : (
          <>
            <span>{t(isNumbers ? "viewer.cell" : "viewer.pixel", { ...pixel })}</span>
            {isNumbers ? (
              <span className={styles["numbers"]}>{numbersText(numbers)}</span>
            ) : (
              <Colour pixels={pixels} pixel={pixel} size={size} />
            )}
            {other === undefined ? null : (
              <>
                <span aria-hidden="true">|</span>
                <Colour pixels={other} pixel={pixel} size={size} />
              </>
            )}
          </>
        )}
      </span>
    </div>
  );
}

function numbersText(numbers: readonly number[]): string {
  const shown = numbers.slice(0, MOST).map(roughNumber).join("  ");
  return numbers.length > MOST ? `${shown} …` : shown;
}

function Colour({
  pixels,
  pixel,
  size,
}: {
  readonly pixels: Pixels | undefined;
  readonly pixel: Point;
  readonly size: Size;
}): ReactElement | null {
  if (pixels === undefined) {
    return null;
  }
  const colour = pixels.read(pixelIn(pixel, size, pixels));
  const hex = colourText(colour);
  const bands = colour[3] === 255 ? colour.slice(0, 3) : colour;
  return (
    <span className={styles["colour"]}>
      <span className={styles["swatch"]} style={{ background: hex }} aria-hidden="true" />
      <span>{hex}</span>
      <span className={styles["numbers"]}>{bands.join(" ")}</span>
    </span>
  );
}
