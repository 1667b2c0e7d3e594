import { Upload } from "lucide-react";
import type { DragEvent, ReactElement } from "react";
import { useEffect, useState } from "react";
import { reportFileError } from "../actions/open";
import { viewUrl } from "../protocol/api";
import { inputFile, inputName, listInputs, uploadPicture } from "../protocol/uploads";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "../widgets/control";
import styles from "../widgets/picture.module.css";
import { kindOfFile, kindOfName } from "./kinds";
import media from "./media.module.css";
import { Player } from "./Player";

const LISTS = { video: ["LoadVideo", "file"], audio: ["LoadAudio", "audio"] } as const;
const ACCEPTED = { video: "video/*,image/gif", audio: "audio/*,video/*" } as const;

/** A film or a sound of the input folder: chosen, uploaded, dropped, and played. */
export function MediaControl(props: ControlProps): ReactElement {
  const { value, label, isDisabled, onChange } = props;
  const t = useTexts();
  const look = props.socket.widget?.look === "audio" ? "audio" : "video";
  const [names, setNames] = useState<readonly string[]>([]);
  const name = typeof value === "string" ? value : "";
  const refresh = (): void => {
    const [type, input] = LISTS[look];
    listInputs(type, input).then(setNames, reportFileError);
  };
  useEffect(refresh, [look]);
  const take = async (file: File): Promise<void> => {
    try {
      onChange(inputName(await uploadPicture(file, file.name)));
      refresh();
    } catch (error) {
      reportFileError(error);
    }
  };
  const onDrop = (event: DragEvent): void => {
    const [file] = event.dataTransfer.files;
    if (file !== undefined && kindOfFile(file) !== "other") {
      event.preventDefault();
      event.stopPropagation();
      void take(file);
    }
  };
  const choose = t(look === "video" ? "media.chooseFilm" : "media.chooseSound");
  return (
    <div className={`${styles["picture"]} nodrag`} onDrop={onDrop} role="group" aria-label={label}>
      <div className={styles["bar"]}>
        <select
          className={styles["choice"]}
          aria-label={choose}
          value={name}
          disabled={isDisabled}
          onFocus={refresh}
          onChange={(event) => {
            onChange(event.target.value === "" ? undefined : event.target.value);
          }}
        >
          <option value="">{choose}</option>
          {name !== "" && !names.includes(name) ? <option value={name}>{name}</option> : null}
          {names.map((found) => (
            <option key={found}>{found}</option>
          ))}
        </select>
        <UploadButton accept={ACCEPTED[look]} onFile={(file) => void take(file)} />
      </div>
      {name === "" ? <p className={styles["none"]}>{t("media.drop")}</p> : <Shown name={name} />}
    </div>
  );
}

function Shown({ name }: { readonly name: string }): ReactElement {
  const src = viewUrl(inputFile(name));
  const kind = kindOfName(name);
  if (kind === "picture") {
    return <img className={styles["image"]} src={src} alt={name} draggable={false} />;
  }
  return (
    <div className={media["fitted"]}>
      <Player kind={kind === "sound" ? "sound" : "film"} src={src} name={name} />
    </div>
  );
}

function UploadButton({
  accept,
  onFile,
}: {
  readonly accept: string;
  readonly onFile: (file: File) => void;
}): ReactElement {
  const t = useTexts();
  return (
    <label className={controls["icon"]} title={t("media.upload")}>
      <Upload size={14} aria-hidden="true" />
      <span className="visually-hidden">{t("media.upload")}</span>
      <input
        type="file"
        accept={accept}
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
