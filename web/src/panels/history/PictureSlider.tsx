import type { ReactElement } from "react";
import { useState } from "react";
import { viewUrl } from "../../protocol/api";
import type { ShownFile } from "../../protocol/answers";
import { useTexts } from "../../texts/texts";
import styles from "./compare.module.css";

interface Props {
  readonly left: ShownFile | undefined;
  readonly right: ShownFile | undefined;
}

/** One picture over the other; a slider says where the one ends and the other begins. */
export function PictureSlider({ left, right }: Props): ReactElement {
  const t = useTexts();
  const [place, setPlace] = useState(50);
  return (
    <div className={styles["slider"]} style={{ ["--place" as string]: `${place}%` }}>
      <div className={styles["pictures"]}>
        <Shown file={right} />
        <div className={styles["over"]}>
          <Shown file={left} />
        </div>
        <span className={styles["edge"]} />
        <input
          type="range"
          className={styles["range"]}
          min={0}
          max={100}
          value={place}
          aria-label={t("compare.slider")}
          onChange={(event) => {
            setPlace(Number(event.target.value));
          }}
        />
      </div>
    </div>
  );
}

function Shown({ file }: { readonly file: ShownFile | undefined }): ReactElement {
  const t = useTexts();
  return file === undefined ? (
    <p className={styles["none"]}>{t("compare.noPicture")}</p>
  ) : (
    <img src={viewUrl(file)} alt="" draggable={false} />
  );
}
