import type { ReactElement } from "react";
import type { Json } from "../../graph/model";
import { useTexts } from "../../texts/texts";
import styles from "./details.module.css";
import { jsonText } from "./reads";

/** The settings of a scheduler or a guider. */
export function ConfigTable({ config }: { readonly config: Extract<Json, object> }): ReactElement {
  const t = useTexts();
  return (
    <table className={styles["config"]}>
      <caption>{t("details.config")}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t("details.setting")}</th>
          <th scope="col">{t("details.value")}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(config).map(([name, value]: [string, Json]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value === null ? t("value.none") : jsonText(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
