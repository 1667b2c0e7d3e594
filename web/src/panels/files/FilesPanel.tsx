import { FilePlus2, FolderOpen, Save } from "lucide-react";
import type { ReactElement } from "react";
import { useEffect, useState } from "react";
import { pickFile, save } from "../../actions/files";
import { openEmpty } from "../../actions/open";
import { refreshFiles, useFiles } from "../../stores/files";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { FileRow } from "./FileRow";
import styles from "./files.module.css";

/** Graphs by name on the server, and files of this computer. */
export function FilesPanel(): ReactElement {
  const t = useTexts();
  const graphs = useFiles((state) => state.graphs);
  const isRead = useFiles((state) => state.isRead);
  const [filter, setFilter] = useState("");
  useEffect(refreshFiles, []);
  const wanted = filter.trim().toLowerCase();
  const found = graphs.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <div className={styles["panel"]}>
      <div className={styles["buttons"]}>
        <button type="button" className={controls["button"]} onClick={openEmpty}>
          <FilePlus2 size={14} aria-hidden="true" />
          {t("files.new")}
        </button>
        <button type="button" className={controls["button"]} onClick={pickFile}>
          <FolderOpen size={14} aria-hidden="true" />
          {t("files.openShort")}
        </button>
        <button type="button" className={controls["button"]} onClick={() => void save()}>
          <Save size={14} aria-hidden="true" />
          {t("files.save")}
        </button>
      </div>
      <input
        type="search"
        className={controls["field"]}
        value={filter}
        placeholder={t("files.search")}
        aria-label={t("files.search")}
        onChange={(event) => {
          setFilter(event.target.value);
        }}
      />
      {isRead && graphs.length === 0 ? <p className={styles["hint"]}>{t("files.empty")}</p> : null}
      <ul className={styles["list"]}>
        {found.map((graph) => (
          <FileRow key={graph.name} graph={graph} />
        ))}
      </ul>
      <p className={styles["hint"]}>{t("files.dropHint")}</p>
    </div>
  );
}
