import { Brush, Upload } from "lucide-react";
import type { DragEvent, ReactElement } from "react";
import { useState } from "react";
import { drawOnFile } from "../actions/mask";
import { reportFileError } from "../actions/open";
import { viewUrl } from "../protocol/api";
import { inputFile, inputName, uploadPicture } from "../protocol/uploads";
import { refreshPictures, usePictures } from "../stores/pictures";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "./control";
import styles from "./picture.module.css";

const SIZE = 512;

/** A picture of the input folder: chosen, uploaded, dropped, and painted on for a mask. */
export function PictureControl({ value, label, isDisabled, onChange }: ControlProps): ReactElement {
  const t = useTexts();
  const names = usePictures((state) => state.names);
  const name = typeof value === "string" ? value : "";
  const take = async (file: File): Promise<void> => {
    try {
      onChange(inputName(await uploadPicture(file, file.name)));
      refreshPictures();
    } catch (error) {
      reportFileError(error);
    }
  };
  const onDrop = (event: DragEvent): void => {
    const [file] = event.dataTransfer.files;
    if (file?.type.startsWith("image/") === true) {
      event.preventDefault();
      void take(file);
    }
  };
  return (
    <div className={`${styles["picture"]} nodrag`} onDrop={onDrop} role="group" aria-label={label}>
      <div className={styles["bar"]}>
        <select
          className={styles["choice"]}
          aria-label={t("picture.choose")}
          value={name}
          disabled={isDisabled}
          onFocus={refreshPictures}
          onChange={(event) => {
            onChange(event.target.value === "" ? undefined : event.target.value);
          }}
        >
          <option value="">{t("picture.choose")}</option>
          {name !== "" && !names.includes(name) ? <option value={name}>{name}</option> : null}
          {names.map((found) => (
            <option key={found}>{found}</option>
          ))}
        </select>
        <UploadButton onFile={(file) => void take(file)} />
        <button
          type="button"
          className={controls["icon"]}
          aria-label={t("mask.draw")}
          title={t("mask.draw")}
          disabled={name === "" || isDisabled}
          onClick={() => {
            drawOnFile(name, onChange);
          }}
        >
          <Brush size={14} aria-hidden="true" />
        </button>
      </div>
      <Shown name={name} />
    </div>
  );
}

function Shown({ name }: { readonly name: string }): ReactElement {
  const t = useTexts();
  const [broken, setBroken] = useState("");
  if (name === "" || broken === name) {
    return (
      <p className={styles["none"]}>
        {name === "" ? t("picture.none") : t("picture.gone", { name })}
      </p>
    );
  }
  return (
    <img
      className={styles["image"]}
      src={viewUrl(inputFile(name), SIZE)}
      alt={name}
      draggable={false}
      onError={() => {
        setBroken(name);
      }}
    />
  );
}

function UploadButton({ onFile }: { readonly onFile: (file: File) => void }): ReactElement {
  const t = useTexts();
  return (
    <label className={controls["icon"]} title={t("picture.upload")}>
      <Upload size={14} aria-hidden="true" />
      <span className="visually-hidden">{t("picture.upload")}</span>
      <input
        type="file"
        accept="image/*"
        className="visually-hidden"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file !== undefined) {
            onFile(file);
          }
        }}
      />
    </label>
  );
}
